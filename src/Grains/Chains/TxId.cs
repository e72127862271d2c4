using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenBitum.Chains;

/// <summary>The id of a transaction: 32 bytes, without an object each, because a mempool may hold hundreds of thousands.</summary>
public readonly record struct TxId
{
    public const int HexLength = 64;

    private readonly UInt128 high;
    private readonly UInt128 low;

    private TxId(ReadOnlySpan<byte> bytes)
    {
        high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Reads the form that people see, in ASCII: the hash's bytes in reverse, in hex.</summary>
    /// <exception cref="FormatException">Not 64 hex digits.</exception>
    public static TxId Parse(ReadOnlySpan<byte> hex)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (hex.Length != HexLength || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new FormatException("A transaction id is 64 hex digits.");
        }

        return new TxId(bytes);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static TxId Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == 32 ? new TxId(bytes) : throw new FormatException("A transaction id is 64 hex digits.");
    }

    /// <summary>The double SHA-256 of a transaction's serialization without its witness.</summary>
    public static TxId Of(ReadOnlySpan<byte> stripped)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(stripped, hash);
        SHA256.HashData(hash, hash);
        hash.Reverse();
        return new TxId(hash);
    }

    // Ids can be ground by whoever makes transactions; HashCode's seed is secret.
    public override int GetHashCode() => HashCode.Combine(high, low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], low);
        return Convert.ToHexStringLower(bytes);
    }
}
