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

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    public async Task<VerifiedToken> Verify(string token, CancellationToken cancellation)
    {
        if (token.Length > LongestToken || !handler.CanReadToken(token) || Read(token) is not { } read)
        {
            return Refuse("it is no JWT");
        }

        if (await keys.Find(read.Kid is { Length: > 0 } kid ? kid : null, cancellation) is not { } signing)
        {
            return new VerifiedToken(TokenStatus.Unknown, Caller.Anonymous);
        }

        if (signing.IsEmpty)
        {
            return Refuse("its key is unknown");
        }

        var result = await handler.ValidateTokenAsync(token, Parameters(signing));
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

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(ImmutableArray<SecurityKey> signing) => new()
    {
        ValidIssuer = keys.Issuer,
        ValidAudience = options.Audience,
        IssuerSigningKeys = signing,
        // Nothing symmetric and no `none`: a public key must never serve as a shared secret.
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384],
        ValidTypes = ["at+jwt", "JWT"],
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
        var organisation = jwt.TryGetPayloadValue<string>("organization_id", out var named) ? named : null;
        if (string.IsNullOrEmpty(jwt.Subject) || (organisation is not null && !MerchantId.TryParse(organisation, out merchant)))
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
            TokenId = jwt.Id is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
            ExpiresAt = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero),
            Token = token,
        };
    }

    /// <summary>
    /// A claim that is one text or an array of them. Only `scope` is a list with spaces (RFC 8693 section 4.2): a role may be named
    /// "billing admin", and that is no admin.
    /// </summary>
    private static IEnumerable<string> Values(JsonWebToken jwt, string claim) =>
        jwt.Claims.Where(found => found.Type == claim).Select(found => found.Value);

    private VerifiedToken Refuse(string reason)
    {
        LogRefused(reason);
        return new VerifiedToken(TokenStatus.Invalid, Caller.Anonymous);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A token was refused: {Reason}")]
    private partial void LogRefused(string reason);
}
