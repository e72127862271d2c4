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
            ErrorCode.Malformed, ErrorCode.TwoCredentials, ErrorCode.Unauthorized, ErrorCode.Forbidden, ErrorCode.MethodNotAllowed,
            ErrorCode.IdempotencyInProgress, ErrorCode.OutOfStock, ErrorCode.NoPaymentMethod, ErrorCode.OrderClosed,
            ErrorCode.PreconditionFailed, ErrorCode.PayloadTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.IdempotencyMismatch,
            ErrorCode.Internal, ErrorCode.Unavailable, ErrorCode.RateUnavailable, ErrorCode.ChainUnavailable,
        }.ToFrozenDictionary(code => code.Code, code => Serialize(code, null));

    public static byte[] Of(ErrorCode code) =>
        code == ErrorCode.NotFound ? NotFound : Plain.TryGetValue(code.Code, out var body) ? body : Serialize(code, null);

    public static byte[] Of(ImmutableArray<FieldProblem> problems) => Serialize(ErrorCode.Invalid, problems);

    private static byte[] Serialize(ErrorCode code, ImmutableArray<FieldProblem>? details) =>
        JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(code.Code, code.Message, details), WireJson.Options);
}
