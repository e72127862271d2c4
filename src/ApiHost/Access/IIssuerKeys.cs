using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

/// <summary>The keys under which an issuer's tokens are checked.</summary>
internal interface IIssuerKeys
{
    string Issuer { get; }

    /// <summary>The keys that a token may be signed with.</summary>
    /// <param name="keyId">The token's `kid`; null when it names none: all keys.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>None for an unknown kid; null when the issuer has never been reached, so that nothing can be said of any token.</returns>
    ValueTask<ImmutableArray<SecurityKey>?> Find(string? keyId, CancellationToken cancellation);
}

/// <summary>The instance's own key.</summary>
internal sealed class OwnIssuerKeys(OwnIssuer issuer) : IIssuerKeys
{
    private readonly ImmutableArray<SecurityKey> keys = [issuer.Key.Key];

    public string Issuer => issuer.Name;

    public ValueTask<ImmutableArray<SecurityKey>?> Find(string? keyId, CancellationToken cancellation) =>
        new(keyId is null || keyId == issuer.Key.Key.KeyId ? keys : []);
}
