using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Chains;

/// <summary>One transaction of the sandbox chain as its row holds it.</summary>
/// <param name="Id">The double SHA-256 of what it says, as on Bitcoin.</param>
/// <param name="Raw">In Bitcoin's serialization, in hex.</param>
public sealed record SandboxTransaction(string Id, string Raw)
{
    /// <summary>Pays a script out of a coin that nothing else spends: coins are numbered, and nobody owns them.</summary>
    /// <param name="coin">Two transactions that spend the same coin replace each other.</param>
    /// <param name="script">The scriptPubKey in hex.</param>
    public static SandboxTransaction Pay(long coin, string script, long atoms) => Of(Coin(coin), 0, [], atoms, Convert.FromHexString(script));

    /// <summary>The first transaction of a block; pays nobody.</summary>
    public static SandboxTransaction Coinbase(long height, long nonce)
    {
        Span<byte> tag = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(tag, height);
        BinaryPrimitives.WriteInt64LittleEndian(tag[8..], nonce);
        const byte opReturn = 0x6a;
        return Of(new byte[32], uint.MaxValue, tag.ToArray(), 0, [opReturn]);
    }

    /// <summary>What it pays, to be paid again with another amount: the coin it spends, and its script.</summary>
    public SandboxTransaction WithAmount(long atoms)
    {
        var raw = Convert.FromHexString(Raw);
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(AtomsOffset), atoms);
        return new SandboxTransaction(TxId.Of(raw).ToString(), Convert.ToHexStringLower(raw));
    }

    internal static void WriteCount(BinaryWriter writer, long count)
    {
        if (count < 0xfd)
        {
            writer.Write((byte)count);
        }
        else if (count <= ushort.MaxValue)
        {
            writer.Write((byte)0xfd);
            writer.Write((ushort)count);
        }
        else
        {
            writer.Write((byte)0xfe);
            writer.Write((uint)count);
        }
    }

    // Version, one input without a script, and the count of outputs stand before the amount of a payment.
    private const int AtomsOffset = 4 + 1 + 36 + 1 + 4 + 1;

    private static byte[] Coin(long number) => SHA256.HashData(Encoding.ASCII.GetBytes($"sandbox coin {number}"));

    private static SandboxTransaction Of(byte[] spent, uint spentIndex, byte[] input, long atoms, byte[] script)
    {
        using var transaction = new MemoryStream();
        using var writer = new BinaryWriter(transaction);
        writer.Write(2);
        WriteCount(writer, 1);
        writer.Write(spent);
        writer.Write(spentIndex);
        WriteCount(writer, input.Length);
        writer.Write(input);
        // Below 0xfffffffe: replaceable (BIP 125), as every unconfirmed transaction is.
        writer.Write(0xfffffffdu);
        WriteCount(writer, 1);
        writer.Write(atoms);
        WriteCount(writer, script.Length);
        writer.Write(script);
        writer.Write(0);
        writer.Flush();
        var raw = transaction.ToArray();
        return new SandboxTransaction(TxId.Of(raw).ToString(), Convert.ToHexStringLower(raw));
    }
}
