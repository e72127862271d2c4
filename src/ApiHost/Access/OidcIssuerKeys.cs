using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

/// <summary>
/// The keys of an external OIDC issuer, by discovery (OpenID Connect Discovery 1.0) and JWKS. Known keys keep working while the issuer
/// is down; an unknown kid is asked for once a minute at most, so that nobody can make us flood the issuer.
/// </summary>
internal sealed partial class OidcIssuerKeys(
    IssuerConnection issuer, AccessOptions options, TimeProvider clock, ILogger<OidcIssuerKeys> logger) : IIssuerKeys, IDisposable
{
    private static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(1);

    /// <summary>Until the first success every token waits for it, so it is tried more often.</summary>
    private static readonly TimeSpan BetweenFirstFetches = TimeSpan.FromSeconds(1);

    /// <summary>A key that the issuer has withdrawn stops working after this.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim fetching = new(1);
    private ImmutableArray<SecurityKey>? keys;
    private IssuerEndpoints? endpoints;
    private DateTimeOffset? fetchedAt;
    private DateTimeOffset? askedAt;

    public string Issuer => options.Issuer!;

    public async ValueTask<ImmutableArray<SecurityKey>?> Find(string? keyId, CancellationToken cancellation)
    {
        if (!IsEnough(keyId) && MayAsk())
        {
            await fetching.WaitAsync(cancellation);
            try
            {
                // Somebody else may have asked while this call waited.
                if (!IsEnough(keyId) && MayAsk())
                {
                    await Fetch(cancellation);
                }
            }
            finally
            {
                fetching.Release();
            }
        }

        return keys is { } known ? [.. known.Where(key => keyId is null || key.KeyId == keyId)] : null;
    }

    /// <summary>Where the issuer signs people in; null when it has never been reached, or does not say.</summary>
    public async ValueTask<IssuerEndpoints?> Endpoints(CancellationToken cancellation)
    {
        await Find(null, cancellation);
        return endpoints;
    }

    public void Dispose() => fetching.Dispose();

    private bool IsEnough(string? keyId) =>
        keys is { } known && (keyId is null || known.Any(key => key.KeyId == keyId)) && clock.GetUtcNow() - fetchedAt < FreshFor;

    private bool MayAsk() =>
        askedAt is not { } last || clock.GetUtcNow() - last >= (keys is null ? BetweenFirstFetches : BetweenFetches);

    private async Task Fetch(CancellationToken cancellation)
    {
        var isFirst = keys is null;
        try
        {
            var discovery = await issuer.Get($"{Issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellation);
            var named = discovery.GetProperty("issuer").GetString();
            var address = discovery.GetProperty("jwks_uri").GetString();
            if (named != Issuer || address is null || !AccessOptions.IsSafe(address))
            {
                LogMisnamed(Issuer, named, address);
                askedAt = clock.GetUtcNow();
                return;
            }

            (keys, endpoints) = (Read(await issuer.Get(address, cancellation)), IssuerEndpoints.Read(discovery));
            fetchedAt = clock.GetUtcNow();
            // The first success does not count towards the one a minute: a rotation right after it is still noticed at once.
            askedAt = isFirst ? null : fetchedAt;
            LogFetched(Issuer, keys.Value.Length);
        }
        catch (Exception failure) when (IssuerConnection.IsUnreachable(failure, cancellation))
        {
            askedAt = clock.GetUtcNow();
            LogUnreachable(Issuer, failure);
        }
    }

    private static ImmutableArray<SecurityKey> Read(JsonElement set) =>
        [.. new JsonWebKeySet(set.GetRawText()).Keys
            // Symmetric keys have no business in a public set: taking one would let its readers sign.
            .Where(key => key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)
            .Where(key => key.Use is null or "sig")];

    [LoggerMessage(Level = LogLevel.Information, Message = "{Issuer} has {Count} signing keys")]
    private partial void LogFetched(string issuer, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Issuer} could not be asked for its keys; known ones keep working")]
    private partial void LogUnreachable(string issuer, Exception failure);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Auth:Issuer is {Issuer}, but discovery there names itself {Named} with keys at {Address}; nothing is taken from it")]
    private partial void LogMisnamed(string issuer, string? named, string? address);
}
