using Orleans.Concurrency;

namespace OpenBitum.Access;

/// <summary>One signed-in session, whichever way its token is shown; key: <see cref="KeyOf"/>.</summary>
[Alias("openbitum.access.session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>SHA-256 in hex of issuer and token id: ids are the issuer's to choose, and long ones make no long keys.</summary>
    static string KeyOf(string issuer, string tokenId) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{issuer}\n{tokenId}")));

    /// <summary>True once somebody has signed out with this token.</summary>
    [ReadOnly, Alias("HasEnded")]
    Task<bool> HasEnded();

    /// <summary>Refuses the token from now on, durably, until it would end by itself.</summary>
    [Alias("End")]
    Task End(DateTimeOffset expiresAt);
}

/// <summary>
/// A sign-in link's code, good once; key: SHA-256 of the code in hex. It lives in memory: a link is made anew at every start.
/// </summary>
[Alias("openbitum.access.sign-in-code")]
public interface ISignInCodeGrain : IGrainWithStringKey
{
    [Alias("Offer")]
    Task Offer(DateTimeOffset expiresAt);

    /// <summary>True for the first caller in time; never again after that.</summary>
    [Alias("Redeem")]
    Task<bool> Redeem();
}
