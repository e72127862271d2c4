using System.Collections.Immutable;

namespace OpenBitum.Chains;

/// <summary>
/// The payments of one chain that are not settled, and the rules of how they change: pure, in memory; rows follow it. Whatever
/// changes is unheard until its listener has acknowledged just that.
/// </summary>
public sealed class PaymentLedger(string asset)
{
    private readonly Dictionary<string, ChainPayment> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> byListener = new(StringComparer.Ordinal);
    private Dictionary<string, ChainPayment> changed = new(StringComparer.Ordinal);

    /// <summary>Height that depths are counted from.</summary>
    public long Tip { get; private set; }

    /// <summary>Payments that are not settled.</summary>
    public int Count => open.Count;

    public bool HasChanges => changed.Count > 0;

    /// <summary>Takes rows as they are.</summary>
    public void Load(IEnumerable<ChainPayment> payments)
    {
        foreach (var payment in payments)
        {
            Keep(payment);
        }
    }

    /// <summary>What is known of an output here; null when only its row may know it.</summary>
    public ChainPayment? Find(string id) => open.GetValueOrDefault(id) ?? changed.GetValueOrDefault(id);

    /// <summary>An output was met in a block, or in the mempool.</summary>
    /// <param name="stored">Its row, if it has one and <see cref="Find"/> knows nothing.</param>
    /// <param name="block">Null: unconfirmed.</param>
    /// <param name="at">The look's own time.</param>
    public void Meet(ScannedOutput output, string listener, ChainPayment? stored, ChainHeader? block, DateTimeOffset at)
    {
        var known = Find(output.Id) ?? stored;
        if (known is null)
        {
            Change(new ChainPayment
            {
                Id = output.Id,
                Script = output.Script,
                Listener = listener,
                Atoms = output.Atoms,
                State = block is null ? ObservedState.Seen : ObservedState.Confirmed,
                FirstSeenAt = block is not null && block.Time < at ? block.Time : at,
                Height = block?.Height,
                BlockTime = block?.Time,
                Unheard = true,
                ChangedAt = at,
            });
        }
        else if (block is not null)
        {
            Become(known, ObservedState.Confirmed, block, at);
        }
        else if (known.State is not ObservedState.Confirmed)
        {
            Become(known, ObservedState.Seen, null, at);
        }
    }

    /// <summary>
    /// Blocks above the fork are gone. What was in them is orphaned until it is met again, in other blocks or in the mempool;
    /// only after that should its listener be told.
    /// </summary>
    /// <param name="stored">The rows of those blocks, settled ones too.</param>
    public void RollBack(IEnumerable<ChainPayment> stored, long fork, DateTimeOffset at)
    {
        var rolledBack = stored.Select(payment => Find(payment.Id) ?? payment).Concat(open.Values)
            .Where(payment => payment.Height > fork).DistinctBy(payment => payment.Id).ToList();
        foreach (var payment in rolledBack)
        {
            Become(payment, ObservedState.Orphaned, null, at);
        }

        Deepen(fork);
    }

    /// <summary>The chain has grown, or shrunk, to this height: depths are recounted and never added up.</summary>
    public void Deepen(long tip)
    {
        if (tip == Tip)
        {
            return;
        }

        Tip = tip;
        foreach (var payment in open.Values.Where(payment => payment.State is ObservedState.Confirmed && !payment.Unheard).ToList())
        {
            Change(payment with { Unheard = true });
        }
    }

    /// <summary>Compares with the whole mempool, listed on top of the blocks that were read: what is in neither has vanished.</summary>
    public void Compare(Func<string, bool> isUnconfirmed, DateTimeOffset at)
    {
        foreach (var payment in open.Values.Where(payment => payment.State is not ObservedState.Confirmed).ToList())
        {
            if (isUnconfirmed(payment.TxId))
            {
                Become(payment, ObservedState.Seen, null, at);
            }
            else if (payment.State is ObservedState.Seen)
            {
                Become(payment, ObservedState.Replaced, null, at);
            }
        }
    }

    /// <summary>Who has yet to hear something.</summary>
    /// <param name="includeOrphaned">False while it is not known yet whether payments of lost blocks return.</param>
    public IReadOnlyList<string> Unheard(bool includeOrphaned)
    {
        var listeners = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var payment in open.Values.Where(payment => payment.Unheard))
        {
            listeners.Add(payment.Listener);
            if (!includeOrphaned && payment.State is ObservedState.Orphaned)
            {
                waiting.Add(payment.Listener);
            }
        }

        listeners.ExceptWith(waiting);
        return [.. listeners.Order(StringComparer.Ordinal)];
    }

    public bool IsUnheard(string listener) => byListener.TryGetValue(listener, out var ids) && ids.Any(id => open[id].Unheard);

    public ImmutableArray<ObservedPayment> Snapshot(string listener) =>
        byListener.TryGetValue(listener, out var ids) ? [.. ids.Select(id => open[id].Observed(asset, Tip))] : [];

    /// <summary>A listener has stored a snapshot. What has changed since stays unheard.</summary>
    public void Heard(string listener, ImmutableArray<ObservedPayment> told, int confirmationsWanted)
    {
        foreach (var said in told)
        {
            if (!open.TryGetValue(said.Id, out var payment) || payment.Listener != listener
                || payment.State != said.State || payment.Height != said.BlockHeight)
            {
                continue;
            }

            var isSettled = payment.State switch
            {
                ObservedState.Confirmed => said.Confirmations >= confirmationsWanted,
                ObservedState.Seen => false,
                _ => true,
            };
            var heard = payment with
            {
                Wanted = confirmationsWanted,
                Unheard = !isSettled && payment.Observed(asset, Tip) != said,
                IsSettled = isSettled,
            };
            if (heard != payment)
            {
                Change(heard);
            }
        }
    }

    /// <summary>The rows to write, latest state each; <see cref="Restore"/> takes them back if they could not be.</summary>
    public IReadOnlyCollection<ChainPayment> TakeChanges()
    {
        var taken = changed;
        changed = new Dictionary<string, ChainPayment>(StringComparer.Ordinal);
        return taken.Values;
    }

    public void Restore(IEnumerable<ChainPayment> unwritten)
    {
        foreach (var payment in unwritten)
        {
            changed.TryAdd(payment.Id, payment);
        }
    }

    private void Become(ChainPayment payment, ObservedState state, ChainHeader? block, DateTimeOffset at)
    {
        if (payment.State != state || payment.Height != block?.Height || payment.BlockTime != block?.Time)
        {
            Change(payment with
            {
                State = state,
                Height = block?.Height,
                BlockTime = block?.Time,
                Unheard = true,
                IsSettled = false,
                ChangedAt = at,
            });
        }
    }

    private void Change(ChainPayment payment)
    {
        changed[payment.Id] = payment;
        if (!payment.IsSettled)
        {
            Keep(payment);
            return;
        }

        open.Remove(payment.Id);
        if (byListener.TryGetValue(payment.Listener, out var ids) && ids.Remove(payment.Id) && ids.Count == 0)
        {
            byListener.Remove(payment.Listener);
        }
    }

    private void Keep(ChainPayment payment)
    {
        open[payment.Id] = payment;
        if (!byListener.TryGetValue(payment.Listener, out var ids))
        {
            byListener.Add(payment.Listener, ids = new SortedSet<string>(StringComparer.Ordinal));
        }

        ids.Add(payment.Id);
    }
}
