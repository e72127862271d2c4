using System.Globalization;

namespace OpenBitum.Chains;

/// <summary>An output to a script that is probably watched; table `scripts` confirms it.</summary>
/// <param name="Id">The outpoint, `txid:index`.</param>
/// <param name="Script">In lower-case hex.</param>
public sealed record ScannedOutput(string Id, string Script, long Atoms);

/// <summary>Finds outputs to watched scripts in blocks and transactions. Keeps its buffers; for one caller at a time.</summary>
public sealed class OutputScanner
{
    private const int HeaderLength = 80;

    private readonly List<int> found = [];
    private readonly List<(int Offset, int FirstOutput)> transactions = [];
    private ulong[] fingerprints = new ulong[4_096];
    private int outputs;

    /// <summary>
    /// Outputs of a serialized block, in its order. Ids are computed of the transactions that pay only: hashing all would take most
    /// of the time.
    /// </summary>
    /// <exception cref="FormatException">The block is malformed.</exception>
    public IReadOnlyList<ScannedOutput> Block(ReadOnlySpan<byte> raw, WatchedScripts watched)
    {
        Forget();
        var reader = new TransactionReader(raw, HeaderLength);
        for (var left = reader.Count(); left > 0; left--)
        {
            transactions.Add((reader.Position, outputs));
            reader.Begin();
            Collect(ref reader, watched);
            reader.End();
        }

        // What may follow is Litecoin's MWEB block; its coins leave it through outputs of the transactions above.
        watched.Find(fingerprints.AsSpan(0, outputs), found);
        return found.Count == 0 ? [] : Describe(raw);
    }

    /// <summary>Outputs of one transaction whose id is known; and the fingerprints of all of them, for scripts that are watched later.</summary>
    /// <exception cref="FormatException">The transaction is malformed.</exception>
    public IReadOnlyList<ScannedOutput> Transaction(ChainTransaction transaction, WatchedScripts watched, out ulong[] all)
    {
        Forget();
        var reader = new TransactionReader(transaction.Raw.Span);
        reader.Begin();
        Collect(ref reader, watched);
        all = fingerprints[..outputs];
        watched.Find(all, found);
        if (found.Count == 0)
        {
            return [];
        }

        reader = new TransactionReader(transaction.Raw.Span);
        reader.Begin();
        var scanned = new List<ScannedOutput>(found.Count);
        Describe(ref reader, transaction.Id, found, 0, scanned);
        return scanned;
    }

    private void Forget()
    {
        found.Clear();
        transactions.Clear();
        outputs = 0;
    }

    private void Collect(ref TransactionReader reader, WatchedScripts watched)
    {
        while (reader.NextOutput(out var output))
        {
            if (outputs == fingerprints.Length)
            {
                Array.Resize(ref fingerprints, outputs * 2);
            }

            fingerprints[outputs++] = watched.Fingerprint(output.Script);
        }
    }

    private List<ScannedOutput> Describe(ReadOnlySpan<byte> raw)
    {
        var scanned = new List<ScannedOutput>(found.Count);
        var next = 0;
        for (var index = 0; index < transactions.Count && next < found.Count; index++)
        {
            var (offset, firstOutput) = transactions[index];
            var end = index + 1 < transactions.Count ? transactions[index + 1].FirstOutput : outputs;
            var first = next;
            while (next < found.Count && found[next] < end)
            {
                next++;
            }

            if (next > first)
            {
                var reader = Entered(raw, offset);
                while (reader.NextOutput(out _))
                {
                }

                reader.End();
                var id = reader.Id();
                reader = Entered(raw, offset);
                Describe(ref reader, id, found.GetRange(first, next - first), firstOutput, scanned);
            }
        }

        return scanned;
    }

    private static TransactionReader Entered(ReadOnlySpan<byte> raw, int offset)
    {
        var reader = new TransactionReader(raw, offset);
        reader.Begin();
        return reader;
    }

    private static void Describe(ref TransactionReader reader, TxId id, List<int> positions, int firstOutput, List<ScannedOutput> scanned)
    {
        var output = firstOutput;
        foreach (var position in positions)
        {
            TransactionOutput described;
            do
            {
                reader.NextOutput(out described);
            }
            while (output++ < position);

            var index = (position - firstOutput).ToString(CultureInfo.InvariantCulture);
            scanned.Add(new ScannedOutput($"{id}:{index}", Convert.ToHexStringLower(described.Script), described.Atoms));
        }
    }
}
