using System.Buffers.Binary;

namespace OpenBitum.Chains;

/// <summary>One output of a transaction.</summary>
/// <param name="Atoms">Its value in the asset's smallest unit.</param>
public readonly ref struct TransactionOutput(long atoms, ReadOnlySpan<byte> script)
{
    public long Atoms { get; } = atoms;

    public ReadOnlySpan<byte> Script { get; } = script;
}

/// <summary>
/// Walks over serialized transactions (Bitcoin's, with BIP 144 witnesses; Litecoin's, with the MWEB flag) without copying. Input
/// that ends early or counts beyond its end throws <see cref="FormatException"/>.
/// </summary>
public ref struct TransactionReader(ReadOnlySpan<byte> bytes, int position = 0)
{
    private const byte WitnessFlag = 0x01;

    // Litecoin: extension blocks. In a block only the last transaction (HogEx) carries the flag, followed by a zero byte.
    private const byte MwebFlag = 0x08;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private byte flags;
    private int body;
    private int bodyEnd;
    private long outputsLeft;
    private long inputs;

    public int Position { get; private set; } = position;

    /// <summary>Where the last transaction began that <see cref="Begin"/> entered.</summary>
    public int Start { get; private set; }

    /// <summary>A count in the variable-length form of the protocol.</summary>
    public long Count()
    {
        var first = Take(1)[0];
        var count = first switch
        {
            0xfd => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
            0xfe => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
            0xff => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
            _ => first,
        };
        // Everything that is counted takes at least a byte, so a larger count is a lie and must not become a loop.
        return count <= (ulong)(bytes.Length - Position) ? (long)count : throw Malformed();
    }

    /// <summary>Enters the next transaction and passes over its inputs.</summary>
    public void Begin()
    {
        Start = Position;
        Take(4);
        flags = 0;
        if (bytes.Length - Position >= 2 && bytes[Position] == 0 && bytes[Position + 1] != 0)
        {
            flags = bytes[Position + 1];
            Take(2);
        }

        body = Position;
        inputs = Count();
        for (var input = 0L; input < inputs; input++)
        {
            Take(36);
            Skip(Count());
            Take(4);
        }

        outputsLeft = Count();
    }

    /// <summary>The next output; false after the last.</summary>
    public bool NextOutput(out TransactionOutput output)
    {
        if (outputsLeft == 0)
        {
            bodyEnd = Position;
            output = default;
            return false;
        }

        outputsLeft--;
        var atoms = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        output = new TransactionOutput(atoms, Take(Count()));
        return true;
    }

    /// <summary>Leaves the transaction behind its outputs, to the first byte of the next one in a block.</summary>
    public void End()
    {
        if ((flags & WitnessFlag) != 0)
        {
            for (var input = 0L; input < inputs; input++)
            {
                for (var items = Count(); items > 0; items--)
                {
                    Skip(Count());
                }
            }
        }

        if ((flags & MwebFlag) != 0 && Take(1)[0] != 0)
        {
            // Only an unconfirmed transaction carries this data, and there nothing follows that we read.
            throw Malformed();
        }

        Take(4);
    }

    /// <summary>The id of the transaction that was left last: its hash without witness and MWEB data.</summary>
    public readonly TxId Id()
    {
        var length = bodyEnd - body;
        var stripped = new byte[length + 8];
        bytes.Slice(Start, 4).CopyTo(stripped);
        bytes.Slice(body, length).CopyTo(stripped.AsSpan(4));
        bytes.Slice(Position - 4, 4).CopyTo(stripped.AsSpan(4 + length));
        return TxId.Of(stripped);
    }

    private void Skip(long length) => Take(length);

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length > bytes.Length - Position)
        {
            throw Malformed();
        }

        var taken = bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private static FormatException Malformed() => new("The transaction ends before its counts do.");
}
