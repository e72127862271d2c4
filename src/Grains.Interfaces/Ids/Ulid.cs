using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenBitum.Ids;

/// <summary>
/// A ULID as 26 Crockford base32 characters: 48 bits of Unix milliseconds, then 80 random bits, so that texts sort by time.
/// Source: https://github.com/ulid/spec.
/// </summary>
public static class Ulid
{
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new ULID for this moment.</summary>
    public static string New(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return Encode(now.ToUnixTimeMilliseconds(), random);
    }

    /// <summary>The smallest ULID of this moment: those of earlier moments sort before it, no other does.</summary>
    public static string FirstAt(DateTimeOffset moment) => Encode(moment.ToUnixTimeMilliseconds(), stackalloc byte[10]);

    /// <summary>A prefix and a new ULID in one allocation.</summary>
    public static string New(string prefix, DateTimeOffset now) => string.Concat(prefix, New(now));

    /// <summary>
    /// The same ULID for the same seed and moment, so that a step which is repeated makes the same ids again.
    /// </summary>
    public static string Derive(string seed, DateTimeOffset at)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed), hash);
        return Encode(at.ToUnixTimeMilliseconds(), hash[..10]);
    }

    /// <summary>True for 26 characters of the Crockford alphabet, upper case, that fit 128 bits.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || text[0] > '7')
        {
            return false;
        }

        return !text.ContainsAnyExcept(Alphabet);
    }

    private static string Encode(long milliseconds, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        random.CopyTo(bytes[6..]);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

        return string.Create(Length, value, static (characters, rest) =>
        {
            for (var index = Length - 1; index >= 0; index--)
            {
                characters[index] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }
}
