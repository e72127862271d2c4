using System.Collections.Immutable;
using OpenBitum.Orders;

namespace OpenBitum.Wallets;

/// <summary>
/// The counter of one key. Requests that come while the mark is written wait together and share the next write; the mark is
/// durable before an address below it is answered, so a crash burns what was in flight and repeats nothing.
/// </summary>
public sealed class KeyGrain([PersistentState("key", "grains")] IPersistentState<KeyState> record) : Grain, IKeyGrain
{
    private WalletKey? key;

    // Calls interleave, so the writes of this grain are put in a row here.
    private Task lastWrite = Task.CompletedTask;
    private Batch? open;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = this.GetPrimaryKeyString();
        key = record.State.Descriptor is { } descriptor ? Read(id, descriptor)
            : id == SandboxKey.Key.KeyId ? SandboxKey.Key
            : null;
        return Task.CompletedTask;
    }

    public async Task<AllocatedAddress> Allocate(OrderId order)
    {
        var batch = open ??= new Batch();
        var place = batch.Size++;
        if (place == 0)
        {
            batch.Addresses = WriteMark(batch, lastWrite);
            lastWrite = batch.Addresses;
        }

        return (await batch.Addresses)[place];
    }

    public Task<long> NextIndex() => Task.FromResult(record.State.NextIndex);

    public Task Register(string normalizedKey)
    {
        var registered = Read(this.GetPrimaryKeyString(), normalizedKey);
        return record.State.Descriptor is null ? lastWrite = WriteKey(registered, lastWrite) : Task.CompletedTask;
    }

    private async Task<ImmutableArray<AllocatedAddress>> WriteMark(Batch batch, Task before)
    {
        await Settled(before);

        // From here on requests wait for the next write.
        open = null;
        var from = key ?? throw new InvalidOperationException($"{this.GetPrimaryKeyString()} was not registered.");
        var addresses = from.Take(record.State.NextIndex, batch.Size);
        await Write(record.State with { NextIndex = addresses[^1].Index + 1L });
        return
        [
            .. addresses.Select(address => new AllocatedAddress(
                from.KeyId, address.Index, address.Address, Convert.ToHexStringLower(address.ScriptPubKey.AsSpan()))),
        ];
    }

    private async Task WriteKey(WalletKey registered, Task before)
    {
        await Settled(before);
        if (record.State.Descriptor is null)
        {
            await Write(record.State with { Descriptor = registered.Descriptor });
            key = registered;
        }
    }

    private async Task Write(KeyState next)
    {
        var previous = record.State;
        record.State = next;
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Whether it was written may be unknown. If it was, the ETag in memory is stale and no later write succeeds,
            // so no address is handed out twice before the activation is dropped and the store is read again.
            record.State = previous;
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Waits for a write of others; its failure is theirs.</summary>
    private static async Task Settled(Task write) =>
        await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static WalletKey Read(string id, string descriptor)
    {
        var parts = id.Split('/');
        return BitcoinNetwork.TryFind(parts[0], parts[1], out var network)
            && WalletKey.TryParse(network, descriptor, null, out var key, out _)
            && key.KeyId == id
                ? key
                : throw new ArgumentException($"The descriptor is not that of {id}.", nameof(descriptor));
    }

    private sealed class Batch
    {
        public int Size { get; set; }

        /// <summary>As many as there are requests, in their order.</summary>
        public Task<ImmutableArray<AllocatedAddress>> Addresses { get; set; } = null!;
    }
}
