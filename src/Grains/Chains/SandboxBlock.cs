using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenBitum.Chains;

/// <summary>One block of the sandbox chain as its row holds it.</summary>
/// <param name="Raw">In Bitcoin's serialization, in hex.</param>
public sealed record SandboxBlock(long Height, string Hash, string Raw)
{
    private const int HeaderLength = 80;

    /// <summary>Block 0 of every instance: nothing, on the day Bitcoin's own began.</summary>
    public static SandboxBlock Genesis { get; } = Of(
        0, new string('0', TxId.HexLength), [SandboxTransaction.Coinbase(0, 0)], DateTimeOffset.FromUnixTimeSeconds(1_231_006_505), 0);

    /// <summary>Makes the block that follows a parent.</summary>
    /// <param name="height">Its own.</param>
    /// <param name="parent">Hash of the block below.</param>
    /// <param name="transactions">The first is its coinbase.</param>
    /// <param name="time">Kept in whole seconds.</param>
    /// <param name="nonce">Tells blocks apart that are alike otherwise, such as both sides of a fork.</param>
    public static SandboxBlock Of(
        long height, string parent, IReadOnlyList<SandboxTransaction> transactions, DateTimeOffset time, long nonce)
    {
        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        writer.Write(1);
        writer.Write(Reversed(parent));
        writer.Write(MerkleRoot(transactions));
        writer.Write((uint)time.ToUnixTimeSeconds());
        writer.Write(0x207fffffu);
        writer.Write((uint)nonce);
        SandboxTransaction.WriteCount(writer, transactions.Count);
        foreach (var transaction in transactions)
        {
            writer.Write(Convert.FromHexString(transaction.Raw));
        }

        writer.Flush();
        var raw = block.ToArray();
        return new SandboxBlock(height, TxId.Of(raw.AsSpan(0, HeaderLength)).ToString(), Convert.ToHexStringLower(raw));
    }

    public byte[] Bytes() => Convert.FromHexString(Raw);

    public ChainHeader Header()
    {
        var header = Convert.FromHexString(Raw.AsSpan(0, HeaderLength * 2));
        var parent = header.AsSpan(4, 32).ToArray();
        Array.Reverse(parent);
        return new ChainHeader(
            Height, Hash, Convert.ToHexStringLower(parent), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68))));
    }

    private static byte[] Reversed(string hash)
    {
        var bytes = Convert.FromHexString(hash);
        Array.Reverse(bytes);
        return bytes;
    }

    private static byte[] MerkleRoot(IReadOnlyList<SandboxTransaction> transactions)
    {
        var level = transactions.Select(transaction => Reversed(transaction.Id)).ToList();
        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(pair => SHA256.HashData(SHA256.HashData([.. pair[0], .. pair[^1]])))];
        }

        return level[0];
    }
}
