using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Access;

/// <summary>
/// Bounds the credentials that one client address may get wrong in a minute: each one costs a signature to check or a look into the
/// store, and would cost the guesser nothing. What is right is never counted, and a credential that was right here a while ago is
/// looked at even when its address has used up its mistakes, so that a stranger behind the same address cannot lock out who is at work.
/// </summary>
internal sealed class CredentialGuard(AddressLimits addresses)
{
    private const int Places = 8_192;

    // Unknown outside of the process, so that nobody can choose a credential that takes another one's place.
    private readonly byte[] seed = RandomNumberGenerator.GetBytes(16);
    private readonly long[] proven = new long[Places];

    /// <summary>How the client stands when this credential is not to be looked at; null when it is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="credential">The token or the key as it was sent.</param>
    public RateStanding? Refusal(HttpContext context, string credential) =>
        addresses.Spent(AddressLimit.RefusedCredentials, context) is { } spent && !IsProven(credential) ? spent : null;

    /// <summary>It was right.</summary>
    public void Prove(string credential)
    {
        var mark = MarkOf(credential);
        Volatile.Write(ref PlaceOf(mark), mark);
    }

    /// <summary>
    /// It was wrong: counts it, and answers how the client stands; null when it has no limit. Nothing is exceeded, since it was looked
    /// at: its caller hears that it is wrong, and the next one hears to wait.
    /// </summary>
    /// <inheritdoc cref="Refusal"/>
    public RateStanding? Count(HttpContext context, string credential)
    {
        // It may have been right until a moment ago, when it ended or was revoked.
        var mark = MarkOf(credential);
        Interlocked.CompareExchange(ref PlaceOf(mark), 0, mark);
        return addresses.Take(AddressLimit.RefusedCredentials, context) is { } standing ? standing with { Exceeded = false } : null;
    }

    private bool IsProven(string credential)
    {
        var mark = MarkOf(credential);
        return Volatile.Read(ref PlaceOf(mark)) == mark;
    }

    private ref long PlaceOf(long mark) => ref proven[(uint)mark % Places];

    /// <summary>Never 0, which stands for nobody.</summary>
    private long MarkOf(string credential) =>
        BinaryPrimitives.ReadInt64LittleEndian(HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(credential))) | 1L << 62;
}
