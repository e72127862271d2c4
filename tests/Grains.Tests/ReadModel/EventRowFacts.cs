using OpenBitum.Access;
using OpenBitum.Outbox;

namespace OpenBitum.ReadModel;

public abstract class EventRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
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

    private Task<bool> Insert(int number, MerchantId? merchant = null) => Database.Write(session => EventRows.Insert(session, new OutgoingEvent(
        new EventId(Id(EventId.Prefix, number)), merchant ?? Ours, "order.paid", $"ord_{number}", 1, Now, true, $"event {number}")));

    private async Task<IEnumerable<string>> Bodies(long after, int limit) =>
        (await Read(session => EventRows.After(session, Ours, after, limit))).Bodies;
}
