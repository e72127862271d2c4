using OpenBitum.Access;
using OpenBitum.Outbox;

namespace OpenBitum.ReadModel;

public abstract class EventRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    /// <summary>How much longer an event stays, so that a silo whose clock is behind does not take it for new.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_event_is_stored_once_however_often_it_is_told()
    {
        Assert.True(await Insert(1));
        Assert.False(await Insert(1));
        Assert.True(await Insert(2));

        Assert.Equal(["event 1", "event 2"], await Bodies(after: 0, limit: 100));
        Assert.Equal(2, await Count("SELECT last FROM event_counters"));
    }

    [Fact]
    public async Task Events_are_pulled_oldest_first_from_where_the_last_page_ended()
    {
        for (var number = 1; number <= 5; number++)
        {
            await Insert(number, number == 3 ? Theirs : Ours);
        }

        var first = await Read(session => EventRows.After(session, Ours, 0, 3));
        Assert.Equal(["event 1", "event 2", "event 4"], first.Bodies);
        var second = await Read(session => EventRows.After(session, Ours, first.Position, 3));
        Assert.Equal(["event 5"], second.Bodies);
        var end = await Read(session => EventRows.After(session, Ours, second.Position, 3));
        Assert.Empty(end.Bodies);
        Assert.Equal(second.Position, end.Position);
        Assert.Empty(await Bodies(after: long.MaxValue, limit: 1));
    }

    [Fact]
    public async Task Nothing_appears_behind_a_position_that_was_read_while_many_write_at_once()
    {
        const int events = 96;
        var writing = Task.WhenAll(Enumerable.Range(1, events).Select(number => Task.Factory.StartNew(
            () => Insert(number), TestContext.Current.CancellationToken, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));

        var pulled = new List<string>();
        var position = 0L;
        do
        {
            var isOver = writing.IsCompleted;
            var page = await Read(session => EventRows.After(session, Ours, position, 7));
            pulled.AddRange(page.Bodies);
            Assert.Equal(position + page.Bodies.Length, page.Position);
            position = page.Position;
            if (isOver && page.Bodies.IsEmpty)
            {
                break;
            }
        }
        while (true);

        Assert.All(await writing, Assert.True);
        Assert.Equal(Enumerable.Range(1, events).Select(number => $"event {number}").Order(), pulled.Order());
        Assert.Equal(pulled, await Bodies(after: 0, limit: 1_000));
    }

    [Fact]
    public async Task Events_go_when_their_90_days_are_over_and_positions_go_on_behind_them()
    {
        await Insert(1);
        await Insert(2);
        var over = TimeOf(2) + EventRows.Kept + ClockSkew;

        Assert.Equal(1, await Sweep(over));
        Assert.Equal(["event 2"], await Bodies(after: 0, limit: 100));
        Assert.Equal(1, await Sweep(over.AddMilliseconds(1)));
        Assert.Equal(0, await Sweep(over.AddMilliseconds(1)));
        Assert.Empty(await Bodies(after: 0, limit: 100));

        await Insert(3);
        var page = await Read(session => EventRows.After(session, Ours, 0, 100));
        Assert.Equal(["event 3"], page.Bodies);
        Assert.Equal(3, page.Position);
    }

    [Fact]
    public async Task An_event_stays_while_a_delivery_points_at_it()
    {
        await Insert(1);
        await Insert(2);
        var over = TimeOf(2) + EventRows.Kept + TimeSpan.FromDays(10);
        await Write(session => session.Execute(
            """
            INSERT INTO deliveries (id, webhook, event, type, lane, sequence, status, attempts, created_at)
            VALUES ('dlv_1', 'whk_1', $1, 'order.paid', 'ord_1', 1, 'pending', 0, 0)
            """,
            Id(EventId.Prefix, 1)));

        Assert.Equal(1, await Sweep(over));
        Assert.Equal(["event 1"], await Bodies(after: 0, limit: 100));

        await Write(session => session.Execute("DELETE FROM deliveries"));
        Assert.Equal(1, await Sweep(over));
        Assert.Empty(await Bodies(after: 0, limit: 100));
    }

    [Fact]
    public async Task An_event_whose_time_is_over_is_not_stored_anew()
    {
        Assert.False(await Insert(1, now: TimeOf(1) + EventRows.Kept));
        Assert.True(await Insert(1, now: TimeOf(1) + EventRows.Kept - TimeSpan.FromMilliseconds(1)));
        Assert.Equal(1, await Count("SELECT last FROM event_counters"));
    }

    [Fact]
    public async Task A_sweep_takes_a_thousand_at_once()
    {
        await Write(session => session.Execute(
            """
            INSERT INTO events (id, merchant, position, type, subject, sequence, created_at, body)
            WITH RECURSIVE numbers(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < 1002)
            SELECT 'evt_00' || CAST(n AS TEXT), 'ours', n, 'order.paid', 'ord_1', n, 0, '{}' FROM numbers
            """));

        Assert.Equal(1_000, await Sweep(Now));
        Assert.Equal(2, await Sweep(Now));
    }

    private static DateTimeOffset TimeOf(int number) => Now.AddMilliseconds(number);

    private Task<int> Sweep(DateTimeOffset now) => Database.Write(session => EventRows.Sweep(session, now));

    private Task<bool> Insert(int number, MerchantId? merchant = null, DateTimeOffset? now = null) => Database.Write(session => EventRows.Insert(
        session,
        new OutgoingEvent(
            new EventId(Id(EventId.Prefix, number)), merchant ?? Ours, "order.paid", $"ord_{number}", 1, TimeOf(number), true, $"event {number}"),
        now ?? TimeOf(number)));

    private async Task<IEnumerable<string>> Bodies(long after, int limit) =>
        (await Read(session => EventRows.After(session, Ours, after, limit))).Bodies;
}
