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
    /// <summary>A body of 256 KiB can hold tens of thousands of wrong fields; naming them all would multiply what was sent.</summary>
    public const int MostDetails = 50;

    /// <summary>Byte-equal for "does not exist" and "is not yours", so that nobody can tell them apart.</summary>
    private static readonly byte[] NotFound = """{"error":"not_found"}"""u8.ToArray();

    private static readonly FrozenDictionary<HttpError, byte[]> Plain =
        new[]
        {
            HttpError.Malformed, HttpError.MalformedBody, HttpError.MalformedKey, HttpError.TwoCredentials, HttpError.Unauthorized,
            HttpError.WrongCode, HttpError.UnknownKey, HttpError.KeyForbidden, HttpError.Forbidden, HttpError.WrongRole,
            HttpError.NotByGateway, HttpError.NotMeant, HttpError.RateLimited,
            HttpError.TooManyOpenOrders, HttpError.MethodNotAllowed, HttpError.IdempotencyInProgress, HttpError.IdempotencyAnswerLost,
            HttpError.OutOfStock, HttpError.NoPaymentMethod, HttpError.OrderClosed, HttpError.SlugTaken,
            HttpError.PreconditionFailed, HttpError.PayloadTooLarge, HttpError.UnsupportedMediaType, HttpError.IdempotencyMismatch,
            HttpError.Internal, HttpError.Unavailable, HttpError.RateUnavailable, HttpError.ChainUnavailable,
        }.ToFrozenDictionary(code => code, code => Serialize(code, null));

    public static byte[] Of(HttpError code) =>
        code == HttpError.NotFound ? NotFound : Plain.TryGetValue(code, out var body) ? body : Serialize(code, null);

    public static byte[] Of(ImmutableArray<FieldProblem> problems) =>
        Serialize(HttpError.Invalid, problems.Length > MostDetails ? problems[..MostDetails] : problems);

    private static byte[] Serialize(HttpError code, ImmutableArray<FieldProblem>? details) =>
        JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(code.Code, code.Message, details), WireJson.Options);
}
