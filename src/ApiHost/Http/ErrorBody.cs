using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenBitum.Json;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>The body of every refusal.</summary>
internal sealed record ErrorBody(
    string Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<FieldProblem>? Details)
{
    /// <summary>Byte-equal for "does not exist" and "is not yours", so that nobody can tell them apart.</summary>
    private static readonly byte[] NotFound = """{"error":"not_found"}"""u8.ToArray();

    private static readonly FrozenDictionary<string, byte[]> Plain =
        new[]
        {
            HttpError.Malformed, HttpError.TwoCredentials, HttpError.Unauthorized, HttpError.Forbidden, HttpError.MethodNotAllowed,
            HttpError.IdempotencyInProgress, HttpError.OutOfStock, HttpError.NoPaymentMethod, HttpError.OrderClosed,
            HttpError.PreconditionFailed, HttpError.PayloadTooLarge, HttpError.UnsupportedMediaType, HttpError.IdempotencyMismatch,
            HttpError.Internal, HttpError.Unavailable, HttpError.RateUnavailable, HttpError.ChainUnavailable,
        }.ToFrozenDictionary(code => code.Code, code => Serialize(code, null));

    public static byte[] Of(HttpError code) =>
        code == HttpError.NotFound ? NotFound : Plain.TryGetValue(code.Code, out var body) ? body : Serialize(code, null);

    public static byte[] Of(ImmutableArray<FieldProblem> problems) => Serialize(HttpError.Invalid, problems);

    private static byte[] Serialize(HttpError code, ImmutableArray<FieldProblem>? details) =>
        JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(code.Code, code.Message, details), WireJson.Options);
}
