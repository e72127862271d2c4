using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Outbox;

/// <summary>Marks that were left behind, over a real store.</summary>
public sealed class SweeperTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private FeatureHost host = null!;

    private ISweeperGrain Sweeper => host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key);

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_mark_of_a_kind_that_nobody_knows_stays_and_holds_no_other_back()
    {
        await Mark("plugin", "of a later version");
        clock.Advance(TimeSpan.FromSeconds(1));
        await Mark("product", "prod_sound");
        clock.Advance(TimeSpan.FromSeconds(30));

        await Sweeper.Sweep();

        Assert.Equal(["of a later version"], await Marks());
    }

    [Fact]
    public async Task Marks_that_cannot_be_published_hold_none_behind_them_back_however_many_they_are()
    {
        await host.Database.Write(async session =>
        {
            for (var number = 0; number < 1_000; number++)
            {
                await Insert(session, "plugin", $"{number}");
            }

            return true;
        });
        clock.Advance(TimeSpan.FromSeconds(1));
        await Mark("product", "prod_sound");
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1_001, await Sweeper.Sweep());

        Assert.DoesNotContain("prod_sound", await Marks());
    }

    [Fact]
    public async Task A_mark_is_left_alone_until_it_is_30_seconds_old()
    {
        await Mark("product", "prod_sound");
        clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await Sweeper.Sweep());

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Sweeper.Sweep());
        Assert.Empty(await Marks());
    }

    [Fact]
    public async Task Who_cannot_publish_is_left_alone_for_twice_as_long_after_each_try_and_half_an_hour_at_most()
    {
        await Mark("plugin", "of a later version");
        clock.Advance(TimeSpan.FromSeconds(30));
        var tries = new List<int>();

        for (var minute = 0; minute < 100; minute++)
        {
            if (await Sweeper.Sweep() == 1)
            {
                tries.Add(minute);
            }

            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 95], tries);
    }

    [Fact]
    public async Task A_mark_that_is_gone_leaves_no_pause_behind()
    {
        await Mark("plugin", "of a later version");
        clock.Advance(TimeSpan.FromSeconds(30));
        await Sweeper.Sweep();
        clock.Advance(TimeSpan.FromMinutes(1));
        await Sweeper.Sweep();
        await host.Database.Write(session => UnpublishedRows.Remove(session, "plugin", "of a later version"));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await Sweeper.Sweep());

        await Mark("plugin", "of a later version");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await Sweeper.Sweep());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Sweeper.Sweep());
    }

    private Task Mark(string kind, string key) => host.Database.Write(session => Insert(session, kind, key));

    private Task<int> Insert(SqlSession session, string kind, string key) => session.Execute(
        "INSERT INTO unpublished (kind, grain_key, marked_at) VALUES ($1, $2, $3)", kind, key, clock.GetUtcNow());

    private Task<List<string>> Marks() => host.Database.Read(
        session => session.Query("SELECT grain_key FROM unpublished ORDER BY grain_key", reader => reader.GetString(0)));
}
