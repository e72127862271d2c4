using OpenBitum.Chains;

namespace OpenBitum.ReadModel;

public abstract class ChainRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task A_script_is_taken_by_one_listener_however_many_want_it_at_once()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            number => Database.Write(session => ScriptRows.Claim(session, "BTC", "0014aa", $"ord_{number}", "key", number, Now))));
        Assert.Single(claims, taken => taken);

        var owner = (await Read(session => ScriptRows.Listeners(session, "BTC", ["0014aa", "0014bb"]))).Single().Value;
        Assert.True(await Database.Write(session => ScriptRows.Claim(session, "BTC", "0014aa", owner, "key", 0, Now)));
        Assert.True(await Database.Write(session => ScriptRows.Claim(session, "LTC", "0014aa", "ord_other", "key", 0, Now)));
    }

    [Fact]
    public async Task Every_script_is_found_by_pages_and_by_name()
    {
        var scripts = Enumerable.Range(0, 120).Select(number => $"0014{number:x4}").ToList();
        await Write(async session =>
        {
            foreach (var script in scripts)
            {
                await ScriptRows.Claim(session, "BTC", script, $"of {script}", "key", 0, Now);
            }
        });

        var paged = new List<string>();
        while (await Read(session => ScriptRows.Page(session, "BTC", paged.LastOrDefault(""), 50)) is { Count: > 0 } page)
        {
            paged.AddRange(page);
        }

        Assert.Equal(scripts, paged);
        var listeners = await Read(session => ScriptRows.Listeners(session, "BTC", [.. scripts, "0014ffff"]));
        Assert.Equal(120, listeners.Count);
        Assert.All(listeners, found => Assert.Equal($"of {found.Key}", found.Value));
    }

    [Fact]
    public async Task The_highest_paid_address_of_a_key_only_rises_and_counts_confirmed_payments_to_its_own_scripts()
    {
        await Write(async session =>
        {
            await ScriptRows.Claim(session, "BTC", "aa", "ord_1", "key", 3, Now);
            await ScriptRows.Claim(session, "BTC", "bb", "ord_2", "key", 7, Now);
        });
        Assert.Null(await Highest());

        await Write(session => ChainPaymentRows.Write(session, "BTC", [Payment("1", "bb", ObservedState.Seen)]));
        Assert.Null(await Highest());
        await Write(session => ChainPaymentRows.Write(session, "BTC", [Payment("2", "aa", ObservedState.Confirmed), Payment("3", "cc", ObservedState.Confirmed)]));
        Assert.Equal(3, await Highest());
        await Write(session => ChainPaymentRows.Write(session, "BTC", [Payment("1", "bb", ObservedState.Confirmed)]));
        await Write(session => ChainPaymentRows.Write(session, "BTC", [Payment("4", "aa", ObservedState.Confirmed)]));
        Assert.Equal(7, await Highest());

        Task<long?> Highest() => Read(session => PaidKeyRows.HighestPaid(session, "key"));
    }

    [Fact]
    public async Task Payments_are_read_as_they_were_written_and_forgotten_once_they_are_settled_below_the_journal()
    {
        var large = Payment("1", "aa", ObservedState.Confirmed) with { Atoms = Int128.Parse("170141183460469231731687303715884105727") };
        var vanished = Payment("2", "bb", ObservedState.Replaced) with { Height = null, BlockTime = null, IsSettled = true, Unheard = false };
        var deep = Payment("3", "cc", ObservedState.Confirmed) with { IsSettled = true, Unheard = false, Height = 9 };
        await Write(session => ChainPaymentRows.Write(session, "BTC", [large, vanished, deep]));

        Assert.Equal(large, await Find(large.Id));
        Assert.Equal(vanished, await Find(vanished.Id));
        Assert.Equal([large], await Read(session => ChainPaymentRows.Open(session, "BTC")));
        Assert.Equal([large], await Read(session => ChainPaymentRows.Above(session, "BTC", 9)));

        await Write(session => ChainPaymentRows.Prune(session, "BTC", 9, Now));
        Assert.NotNull(await Find(deep.Id));
        Assert.NotNull(await Find(vanished.Id));
        await Write(session => ChainPaymentRows.Prune(session, "BTC", 10, Now.AddMilliseconds(1)));
        Assert.Null(await Find(deep.Id));
        Assert.Null(await Find(vanished.Id));
        Assert.NotNull(await Find(large.Id));

        Task<ChainPayment?> Find(string id) => Read(session => ChainPaymentRows.Find(session, "BTC", id));
    }

    [Fact]
    public async Task A_journal_is_cut_at_both_ends_and_a_block_is_replaced_at_its_height()
    {
        var blocks = Enumerable.Range(1, 5).Select(height => new JournalBlock(height, $"hash {height}", Now, Now)).ToList();
        await Write(session => BlockRows.Write(session, "BTC", blocks));
        await Write(session => BlockRows.Write(session, "LTC", blocks));
        await Write(session => BlockRows.Write(session, "BTC", [blocks[2] with { Hash = "other" }]));
        await Write(session => BlockRows.RemoveAbove(session, "BTC", 4));
        await Write(session => BlockRows.RemoveBelow(session, "BTC", 2));

        Assert.Equal(["hash 2", "other", "hash 4"], (await Read(session => BlockRows.All(session, "BTC"))).Select(block => block.Hash));
        Assert.Equal(blocks, await Read(session => BlockRows.All(session, "LTC")));
    }

    [Fact]
    public async Task A_number_of_the_sandbox_is_given_once_however_many_ask_and_its_chain_is_cut_and_grown()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Database.Write(session => SandboxRows.Next(session, "tx"))));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), numbers.Order());

        await Write(async session =>
        {
            await SandboxRows.Insert(session, new SandboxBlock(1, "h1", "00"));
            await SandboxRows.Insert(session, new SandboxBlock(2, "h2", "01"));
            await SandboxRows.Insert(session, 1, new SandboxTransaction("t1", "aa"));
            await SandboxRows.Insert(session, 2, new SandboxTransaction("t2", "bb"));
            await SandboxRows.Confirm(session, "t1", 2);
        });
        Assert.Equal("h2", (await Read(SandboxRows.Tip))!.Hash);
        Assert.Equal(["t2"], (await Read(SandboxRows.Unconfirmed)).Select(transaction => transaction.Id));
        await Write(session => SandboxRows.RemoveBlocksAbove(session, 1));
        Assert.Equal("h1", (await Read(SandboxRows.Tip))!.Hash);
        Assert.Equal(["t1", "t2"], (await Read(SandboxRows.Unconfirmed)).Select(transaction => transaction.Id));
    }

    private static ChainPayment Payment(string name, string script, ObservedState state) => new()
    {
        Id = $"{name.PadLeft(64, '0')}:0",
        Script = script,
        Listener = "ord_1",
        Atoms = 5,
        State = state,
        FirstSeenAt = Now,
        Height = 10,
        BlockTime = Now,
        Wanted = null,
        Unheard = true,
        ChangedAt = Now,
    };
}
