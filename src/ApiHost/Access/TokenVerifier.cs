using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

internal enum TokenStatus
{
    Valid,
    Invalid,

    /// <summary>The issuer's keys were never reached.</summary>
    Unknown,
}

/// <param name="Status">What was found.</param>
/// <param name="Caller">With Valid.</param>
internal readonly record struct VerifiedToken(TokenStatus Status, Caller Caller);

/// <summary>Checks a JWT of the one issuer this instance trusts, and reads who it stands for.</summary>
internal sealed partial class TokenVerifier(
    IIssuerKeys keys, AccessOptions options, IGrainFactory grains, TimeProvider clock, ILogger<TokenVerifier> logger)
{
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private const int LongestToken = 16 * 1024;

    /// <summary>RFC 9068 section 4 in both of its spellings, and what issuers write that do not follow it.</summary>
    private static readonly string[] AccessTokenTypes = ["at+jwt", "application/at+jwt", "JWT"];

    private static readonly string[] Algorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];

    private readonly LogAllowance allowance = new(clock);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    public async Task<VerifiedToken> Verify(string token, CancellationToken cancellation)
    {
        if (Read(token) is not { } read)
        {
            return Refuse("it is no JWT");
        }

        if (read.TryGetHeaderValue<object>("crit", out _))
        {
            // RFC 7515 section 4.1.11: what must be understood and is not, is refused. We understand no extension.
            return Refuse("it demands an extension");
        }

        if (await Keys(read, cancellation) is not { } signing)
        {
            return new VerifiedToken(TokenStatus.Unknown, Caller.Anonymous);
        }

        if (signing.IsEmpty)
        {
            return Refuse("its key is unknown");
        }

        var result = await handler.ValidateTokenAsync(token, Parameters(signing, options.Audience, AccessTokenTypes));
        if (!result.IsValid)
        {
            return Refuse(result.Exception?.GetType().Name ?? "it is not valid");
        }

        if (ReadCaller((JsonWebToken)result.SecurityToken, token) is not { } caller)
        {
            return Refuse("it names no subject or a malformed organisation");
        }

        return await grains.GetGrain<ISessionGrain>(ISessionGrain.KeyOf(caller.Issuer, caller.TokenId)).HasEnded()
            ? Refuse("its session was ended")
            : new VerifiedToken(TokenStatus.Valid, caller);
    }

    /// <summary>The subject of an ID token of this client and this attempt (OpenID Connect Core 1.0 section 3.1.3.7); null otherwise.</summary>
    public async Task<string?> SubjectOfIdToken(string token, string clientId, string nonce, CancellationToken cancellation)
    {
        if (Read(token) is not { } read || await Keys(read, cancellation) is not { IsEmpty: false } signing)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(token, Parameters(signing, clientId, types: null));
        return result.IsValid && result.SecurityToken is JsonWebToken jwt
            && jwt.TryGetPayloadValue<string>("nonce", out var shown) && shown == nonce
            ? jwt.Subject
            : null;
    }

    private ValueTask<ImmutableArray<SecurityKey>?> Keys(JsonWebToken token, CancellationToken cancellation) =>
        keys.Find(token.Kid is { Length: > 0 } kid ? kid : null, cancellation);

    private JsonWebToken? Read(string token)
    {
        if (token.Length > LongestToken || !handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(ImmutableArray<SecurityKey> signing, string audience, string[]? types) => new()
    {
        ValidIssuer = keys.Issuer,
        ValidAudience = audience,
        IssuerSigningKeys = signing,
        // Nothing symmetric and no `none`: a public key must never serve as a shared secret.
        ValidAlgorithms = Algorithms,
        ValidTypes = types,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        LifetimeValidator = IsInTime,
    };

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Leeway && (notBefore is not { } start || now >= start - Leeway);
    }

    private Caller? ReadCaller(JsonWebToken jwt, string token)
    {
        var merchant = new MerchantId(options.DefaultMerchant);
        // Whatever is there and is no organisation's name is refused: an admin of something else is none of the default merchant.
        if (string.IsNullOrEmpty(jwt.Subject)
            || (jwt.TryGetPayloadValue<object>("organization_id", out var named) && !MerchantId.TryParse(named as string, out merchant)))
        {
            return null;
        }

        var isVerified = jwt.TryGetPayloadValue<bool>("email_verified", out var verified) && verified;
        return new Caller
        {
            Issuer = jwt.Issuer,
            Subject = jwt.Subject,
            Merchant = merchant,
            Roles = [.. Values(jwt, "roles"), .. Values(jwt, "scope").SelectMany(scope => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            Email = isVerified && jwt.TryGetPayloadValue<string>("email", out var email) ? email : null,
            TokenId = jwt.Id is { Length: > 0 } id ? id : HashOfSigned(token),
            ExpiresAt = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero),
            Token = token,
        };
    }

    /// <summary>
    /// What stands before the signature. The signature itself has other valid spellings that anybody can make: (r, n - s) for an ECDSA
    /// one (r, s), and other bits behind the last byte in base64url. Under its own name such a token would outlive its session.
    /// </summary>
    private static string HashOfSigned(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token[..token.LastIndexOf('.')])));

    /// <summary>
    /// A claim that is one text or an array of them. Only `scope` is a list with spaces (RFC 8693 section 4.2): a role may be named
    /// "billing admin", and that is no admin.
    /// </summary>
    private static IEnumerable<string> Values(JsonWebToken jwt, string claim) =>
        jwt.Claims.Where(found => found.Type == claim).Select(found => found.Value);

    private VerifiedToken Refuse(string reason)
    {
        if (allowance.Take(out var unsaid))
        {
            LogRefused(reason, unsaid);
        }

        return new VerifiedToken(TokenStatus.Invalid, Caller.Anonymous);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A token was refused: {Reason} ({Unsaid} more since the last such line)")]
    private partial void LogRefused(string reason, int unsaid);
}
