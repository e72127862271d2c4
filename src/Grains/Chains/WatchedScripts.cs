namespace OpenBitum.Chains;

/// <summary>
/// The scripts that somebody watches, as 64-bit fingerprints: some 18 bytes a script, whatever its length. A hit is a candidate that
/// table `scripts` confirms and knows the listener of; a miss is certain.
/// </summary>
/// <remarks>
/// An output is looked for in two levels. Nearly all outputs of a block are somebody else's, and a filter of 16 bits a script, small
/// enough for a processor's own caches, tells so; only the rest reach the table, whose every look is a cache miss.
/// Scripts are never removed: an address that was shown stays watched.
/// </remarks>
public sealed class WatchedScripts
{
    private const int LeastSlots = 1_024;
    private const int FilterBitsPerSlot = 8;

    private readonly SipHash hash;
    private ulong[] slots = new ulong[LeastSlots];
    private ulong[] filter = new ulong[LeastSlots * FilterBitsPerSlot / 64];

    public WatchedScripts()
        : this(SipHash.WithRandomKey())
    {
    }

    private WatchedScripts(SipHash hash) => this.hash = hash;

    public int Count { get; private set; }

    /// <summary>An empty table whose fingerprints mean the same scripts.</summary>
    public WatchedScripts Sibling() => new(hash);

    /// <summary>Stands for the script everywhere in this table and its siblings.</summary>
    public ulong Fingerprint(ReadOnlySpan<byte> script) => hash.Hash(script) is var print && print == 0 ? 1 : print;

    /// <summary>False when it was watched before.</summary>
    public bool Add(ulong fingerprint)
    {
        if (!Insert(slots, fingerprint))
        {
            return false;
        }

        Count++;
        if (Count * 2 > slots.Length)
        {
            Grow();
        }
        else
        {
            Mark(filter, fingerprint);
        }

        return true;
    }

    public bool Contains(ulong fingerprint)
    {
        var (word, bits) = Place(filter.Length, fingerprint);
        return (filter[word] & bits) == bits && IsInSlots(fingerprint);
    }

    /// <summary>Adds to <paramref name="found"/> the positions of those fingerprints that are watched.</summary>
    public void Find(ReadOnlySpan<ulong> fingerprints, List<int> found)
    {
        var words = filter;
        for (var position = 0; position < fingerprints.Length; position++)
        {
            var (word, bits) = Place(words.Length, fingerprints[position]);
            if ((words[word] & bits) == bits && IsInSlots(fingerprints[position]))
            {
                found.Add(position);
            }
        }
    }

    private static (int Word, ulong Bits) Place(int words, ulong fingerprint) =>
        ((int)(fingerprint >> 32) & (words - 1), (1UL << (int)(fingerprint & 63)) | (1UL << (int)((fingerprint >> 6) & 63)));

    private static void Mark(ulong[] words, ulong fingerprint)
    {
        var (word, bits) = Place(words.Length, fingerprint);
        words[word] |= bits;
    }

    private static bool Insert(ulong[] slots, ulong fingerprint)
    {
        var slot = First(slots, fingerprint);
        while (slots[slot] != 0)
        {
            if (slots[slot] == fingerprint)
            {
                return false;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = fingerprint;
        return true;
    }

    // The filter uses the upper half and the lowest bits; a shift in between keeps the two levels apart.
    private static int First(ulong[] slots, ulong fingerprint) => (int)(fingerprint >> 12) & (slots.Length - 1);

    private bool IsInSlots(ulong fingerprint)
    {
        var slot = First(slots, fingerprint);
        while (slots[slot] != 0)
        {
            if (slots[slot] == fingerprint)
            {
                return true;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }

        return false;
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length * 2];
        var largerFilter = new ulong[larger.Length * FilterBitsPerSlot / 64];
        foreach (var fingerprint in slots)
        {
            if (fingerprint != 0)
            {
                Insert(larger, fingerprint);
                Mark(largerFilter, fingerprint);
            }
        }

        (slots, filter) = (larger, largerFilter);
    }
}
