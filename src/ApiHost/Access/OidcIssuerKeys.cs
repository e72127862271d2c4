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
    private volatile Discovered? discovered;
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
                    await Fetch();
                }
            }
            finally
            {
                fetching.Release();
            }
        }

        return discovered?.Keys is { } known ? [.. known.Where(key => keyId is null || key.KeyId == keyId)] : null;
    }

    /// <summary>Where the issuer signs people in; null when it has never been reached, or does not say.</summary>
    public async ValueTask<IssuerEndpoints?> Endpoints(CancellationToken cancellation)
    {
        await Find(null, cancellation);
        return discovered?.Endpoints;
    }

    public void Dispose() => fetching.Dispose();

    private bool IsEnough(string? keyId) =>
        discovered is { } known && (keyId is null || known.Keys.Any(key => key.KeyId == keyId))
        && clock.GetUtcNow() - known.At < FreshFor;

    private bool MayAsk() =>
        askedAt is not { } last || clock.GetUtcNow() - last >= (discovered is null ? BetweenFirstFetches : BetweenFetches);

    /// <summary>
    /// Runs to its end, which the connection's own timeout bounds, even when the caller has gone: whoever names an unknown kid and breaks
    /// off must neither make us ask once more nor keep a rotation from being noticed.
    /// </summary>
    private async Task Fetch()
    {
        var isFirst = discovered is null;
        try
        {
            var discovery = await issuer.Get($"{Issuer.TrimEnd('/')}/.well-known/openid-configuration", CancellationToken.None);
            var named = discovery.GetProperty("issuer").GetString();
            var address = discovery.GetProperty("jwks_uri").GetString();
            if (named != Issuer || address is null || !AccessOptions.IsSafe(address))
            {
                LogMisnamed(Issuer, named, address);
                askedAt = clock.GetUtcNow();
                return;
            }

            var set = await issuer.Get(address, CancellationToken.None);
            var found = new Discovered(Read(set), IssuerEndpoints.Read(discovery), clock.GetUtcNow());
            discovered = found;
            // The first success does not count towards the one a minute: a rotation right after it is still noticed at once.
            askedAt = isFirst ? null : found.At;
            LogFetched(Issuer, found.Keys.Length);
        }
        catch (Exception failure) when (IssuerConnection.IsUnreachable(failure, CancellationToken.None))
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

    /// <summary>What the issuer has said of itself, all at once, because it is read while it is fetched anew.</summary>
    private sealed record Discovered(ImmutableArray<SecurityKey> Keys, IssuerEndpoints? Endpoints, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Issuer} has {Count} signing keys")]
    private partial void LogFetched(string issuer, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Issuer} could not be asked for its keys; known ones keep working")]
    private partial void LogUnreachable(string issuer, Exception failure);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Auth:Issuer is {Issuer}, but discovery there names itself {Named} with keys at {Address}; nothing is taken from it")]
    private partial void LogMisnamed(string issuer, string? named, string? address);
}
