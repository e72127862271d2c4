namespace OpenBitum.Chains;

/// <summary>
/// What the node holds unconfirmed and we have read: each transaction is fetched once. Fingerprints of its outputs stay, so that a
/// script that is watched later still finds what had paid it before.
/// </summary>
public sealed class MempoolView
{
    private readonly Dictionary<TxId, Entry> entries = [];
    private int listing;

    public int Count => entries.Count;

    public bool Contains(TxId id) => entries.ContainsKey(id);

    /// <summary>Forgets what is not listed any more; answers what is listed and was not read.</summary>
    public IReadOnlyList<TxId> Update(IReadOnlyCollection<TxId> listed)
    {
        listing++;
        var unread = new List<TxId>();
        var seen = 0;
        foreach (var id in listed)
        {
            if (entries.TryGetValue(id, out var entry))
            {
                entry.Listing = listing;
                seen++;
            }
            else
            {
                unread.Add(id);
            }
        }

        if (seen < entries.Count)
        {
            foreach (var gone in entries.Where(entry => entry.Value.Listing != listing).Select(entry => entry.Key).ToList())
            {
                entries.Remove(gone);
            }
        }

        return unread;
    }

    public void Add(TxId id, ulong[] fingerprints) => entries[id] = new Entry(fingerprints, listing);

    /// <summary>Transactions with an output to one of these scripts.</summary>
    public IReadOnlyCollection<TxId> Paying(WatchedScripts scripts) =>
        [.. entries.Where(entry => entry.Value.Fingerprints.Any(scripts.Contains)).Select(entry => entry.Key)];

    private sealed class Entry(ulong[] fingerprints, int listing)
    {
        public ulong[] Fingerprints { get; } = fingerprints;

        public int Listing { get; set; } = listing;
    }
}
