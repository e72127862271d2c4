namespace OpenBitum.Http;

/// <summary>A refusal as the contract names it: status, code and a sentence for people.</summary>
internal sealed record HttpError(int Status, string Code, string Message)
{
    public static readonly HttpError Malformed = new(400, "malformed", "The request is not well-formed.");
    public static readonly HttpError MalformedBody = new(400, "malformed", "The body must be JSON in UTF-8, at most 32 levels deep.");
    public static readonly HttpError MalformedKey = new(400, "malformed", "Send one Idempotency-Key of 1-255 printable ASCII characters.");
    public static readonly HttpError TwoCredentials = new(400, "two_credentials", "Send one credential: a bearer token, a cookie or a subscription key.");
    public static readonly HttpError Unauthorized = new(401, "unauthorized", "Send a valid token: Authorization: Bearer …");
    public static readonly HttpError Forbidden = new(403, "forbidden", "This caller may not do that.");
    public static readonly HttpError WrongCode = new(401, "unauthorized", "This sign-in code is unknown, was used or is over 15 minutes old; the host prints another at its start, and `token` prints a token.");
    public static readonly HttpError WrongRole = new(403, "forbidden", "This token's role may not do that: a merchant's paths need the admin role, the site's the operator role.");
    public static readonly HttpError NotByGateway = new(403, "forbidden", "Calls come through the gateway; this host answers nobody else.");
    public static readonly HttpError UnknownKey = new(401, "unauthorized", "The subscription key is unknown or was revoked.");
    public static readonly HttpError KeyForbidden = new(403, "forbidden", "A subscription key reads what its scopes name and what anybody may read, and nothing else.");
    public static readonly HttpError NotMeant = new(403, "forbidden", "A write by cookie needs X-CSRF-Token of its session and the Origin of this service.");
    public static readonly HttpError NotFound = new(404, "not_found", "");
    public static readonly HttpError MethodNotAllowed = new(405, "method_not_allowed", "The path exists, but not with this method; Allow names those that it has.");
    public static readonly HttpError IdempotencyInProgress = new(409, "idempotency_in_progress", "Another call with this Idempotency-Key is still running; send this one again in a moment, with the same key.");
    public static readonly HttpError IdempotencyAnswerLost = new(409, "idempotency_answer_lost", "The request with this Idempotency-Key was done, and its answer can no longer be read. Look at what it has made; whoever wants it done once more sends a new Idempotency-Key.");
    public static readonly HttpError OutOfStock = new(409, "out_of_stock", "Not that many are left; order fewer, or come back later.");
    public static readonly HttpError NoPaymentMethod = new(409, "no_payment_method", "No payment method can be offered for this: the merchant has no wallet that fits, or the amount is too small for its chain.");
    public static readonly HttpError OrderClosed = new(409, "order_closed", "The order can no longer be changed: something was paid, or its time is over. A new checkout makes a new order.");
    public static readonly HttpError SlugTaken = new(409, "slug_taken", "Another shop answers to this slug; choose another.");
    public static readonly HttpError PreconditionFailed = new(412, "precondition_failed", "If-Match does not name the current version: read it again, and send the ETag that comes with it.");
    public static readonly HttpError PayloadTooLarge = new(413, "payload_too_large", "A body may have 256 KiB at most.");
    public static readonly HttpError TokenTooLong = new(413, "payload_too_large", "This token is too long for a cookie, which holds 4000 characters.");
    public static readonly HttpError UnsupportedMediaType = new(415, "unsupported_media_type", "Send application/json in UTF-8.");
    public static readonly HttpError UnsupportedForm = new(415, "unsupported_media_type", "Send application/x-www-form-urlencoded in UTF-8.");
    public static readonly HttpError Invalid = new(422, "invalid", "Some fields are wrong; see details.");
    public static readonly HttpError IdempotencyMismatch = new(422, "idempotency_mismatch", "This Idempotency-Key was used with another body; send that body byte by byte, or a new key.");
    public static readonly HttpError RateLimited = new(429, "rate_limited", "Too many calls; come back after the seconds of Retry-After.");
    public static readonly HttpError TooManyOpenOrders = new(429, "rate_limited", "This address has too many unpaid orders here; pay one, or come back after the seconds of Retry-After.");
    public static readonly HttpError Internal = new(500, "internal", "Something went wrong on our side.");
    public static readonly HttpError Unavailable = new(503, "unavailable", "Try again in a moment.");
    public static readonly HttpError RateUnavailable = new(503, "rate_unavailable", "There is no fresh exchange rate at present; try again after the seconds of Retry-After, or with another payment method.");
    public static readonly HttpError ChainUnavailable = new(503, "chain_unavailable", "The chain cannot be followed at present; try again after the seconds of Retry-After, or with another payment method.");

    /// <summary>The code of an answer that the platform has given by status alone.</summary>
    public static HttpError OfStatus(int status) => status switch
    {
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => Unavailable,
        >= 400 and < 500 => Malformed,
        _ => Internal,
    };
}
