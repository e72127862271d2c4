using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Orders;
using OpenBitum.Tests.Hosting;
using Orleans.Storage;

namespace OpenBitum.Wallets;

public sealed class KeyGrainTests : IAsyncLifetime
{
    private static readonly OrderId Order = new("ord_00000000000000000000000000");

    private readonly GatedStorage storage = new();
    private readonly WalletKey key = Parse("key grain");
    private TestHost host = null!;

    private IKeyGrain Grain => host.GrainFactory.GetGrain<IKeyGrain>(key.KeyId);

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.Start(new TestHostOptions
        {
            // No call is given up because the machine is slow.
            Clock = new ManualClock(),
            Silo = silo => silo.Services.AddKeyedSingleton<IGrainStorage>("grains", storage),
        });
        await Grain.Register(key.Descriptor);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Addresses_are_handed_out_in_their_order_from_the_first()
    {
        for (var index = 0; index < 3; index++)
        {
            var allocated = await Grain.Allocate(Order);
            var expected = key.AddressAt((uint)index)!;
            Assert.Equal(
                (key.KeyId, index, expected.Address, Convert.ToHexStringLower(expected.ScriptPubKey.AsSpan())),
                (allocated.KeyId, (int)allocated.Index, allocated.Address, allocated.Script));
        }

        Assert.Equal(3, await Grain.NextIndex());
    }

    [Fact]
    public async Task Many_requests_at_once_never_get_one_address_twice()
    {
        const int requests = 500;
        var allocated = await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => Grain.Allocate(Order)));

        Assert.Equal(Enumerable.Range(0, requests).Select(index => (long)index), allocated.Select(one => one.Index).Order());
        Assert.Equal(requests, allocated.Select(one => one.Address).Distinct().Count());
        Assert.Equal(requests, await Grain.NextIndex());
    }

    [Fact]
    public async Task Requests_that_come_during_a_write_share_the_next_one()
    {
        var before = storage.Writes;
        Task<AllocatedAddress>[] requests;
        using (storage.Hold())
        {
            requests = [.. Enumerable.Range(0, 100).Select(_ => Grain.Allocate(Order))];

            // This answer comes from behind the requests.
            await Grain.NextIndex();
        }

        var allocated = await Task.WhenAll(requests);
        Assert.Equal(100, allocated.Select(one => one.Index).Distinct().Count());
        Assert.InRange(storage.Writes - before, 1, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_mark_is_durable_before_an_address_is_answered(bool isAnswered)
    {
        Task<AllocatedAddress> request;
        using (storage.Hold())
        {
            request = Grain.Allocate(Order);
            await Grain.NextIndex();
            Assert.False(request.IsCompleted, "nothing is answered while the mark is written");
            if (!isAnswered)
            {
                // Before the write goes on: records in memory do not refuse what a dead grain would still write.
                await host.Kill();
            }
        }

        if (isAnswered)
        {
            Assert.Equal(0, (await request).Index);
            await host.Kill();
        }

        await host.Start();
        var next = await Grain.Allocate(Order);
        Assert.Equal(isAnswered ? 1 : 0, next.Index);
        Assert.Equal(next.Index + 1, await Grain.NextIndex());
    }

    [Fact]
    public async Task After_a_restart_and_a_kill_the_counter_goes_on()
    {
        Assert.Equal(0, (await Grain.Allocate(Order)).Index);
        await host.Restart();
        Assert.Equal(1, (await Grain.Allocate(Order)).Index);
        await host.Kill();
        await host.Start();
        Assert.Equal(2, (await Grain.Allocate(Order)).Index);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_failed_hands_out_nothing_and_repeats_nothing(bool writtenNevertheless)
    {
        var before = await Grain.Allocate(Order);
        storage.Fails = writtenNevertheless ? GatedStorage.Failure.WrittenUnanswered : GatedStorage.Failure.NothingWritten;
        var failed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Try()));
        Assert.All(failed, Assert.Null);

        storage.Fails = GatedStorage.Failure.None;
        var after = await Try() ?? await Grain.Allocate(Order);
        Assert.True(after.Index > before.Index, $"{after.Index} comes after {before.Index}");
        Assert.Equal(after.Index + 1, await Grain.NextIndex());
    }

    [Fact]
    public async Task Registering_again_changes_nothing_and_another_keys_text_is_refused()
    {
        await Grain.Allocate(Order);
        var before = storage.Writes;
        await Grain.Register(key.Descriptor);
        await Grain.Register($"wpkh({key.Text}/0/*)");
        Assert.Equal(before, storage.Writes);
        Assert.Equal(1, await Grain.NextIndex());

        await Assert.ThrowsAsync<ArgumentException>(() => Grain.Register(Parse("another key").Descriptor));
    }

    [Fact]
    public async Task A_key_that_nobody_registered_hands_out_nothing()
    {
        var unknown = host.GrainFactory.GetGrain<IKeyGrain>(Parse("another key").KeyId);
        await Assert.ThrowsAsync<InvalidOperationException>(() => unknown.Allocate(Order));
        Assert.Equal(0, await unknown.NextIndex());
    }

    [Fact]
    public async Task The_built_in_key_of_sandbox_needs_no_registration()
    {
        var sandbox = host.GrainFactory.GetGrain<IKeyGrain>(SandboxKey.Key.KeyId);
        Assert.Equal(SandboxKey.Key.AddressAt(0)!.Address, (await sandbox.Allocate(Order)).Address);
    }

    private async Task<AllocatedAddress?> Try()
    {
        try
        {
            return await Grain.Allocate(Order);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or InconsistentStateException)
        {
            return null;
        }
    }

    private static WalletKey Parse(string seed)
    {
        var text = RandomKeys.Next(new SeededBytes(seed), "tpub");
        Assert.True(WalletKey.TryParse(BitcoinNetwork.BitcoinRegtest, text, "p2wpkh", out var key, out var refusal), refusal?.Message);
        return key;
    }
}
