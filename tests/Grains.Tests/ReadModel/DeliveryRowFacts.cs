using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

public abstract class DeliveryRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    private static readonly string Hook = IdOf(1).Value;

    [Fact]
    public async Task An_event_goes_to_each_active_subscription_that_asked_for_it_and_no_other()
    {
        await Subscribe(1, "*");
        await Subscribe(2, "order.created", "order.paid");
        await Subscribe(3, "order.paid_in_full", "xorder.paid", "orderxpaid");
        await Subscribe(4, Ours, active: false, deleted: false, "order.paid");
        await Subscribe(5, Ours, active: true, deleted: true, "*");
        await Subscribe(6, Theirs, active: true, deleted: false, "*");

        Assert.Equal([IdOf(1).Value, IdOf(2).Value], (await Tell(1)).Order());
        Assert.Empty(await Tell(1));
        Assert.Equal(2, await Count("SELECT COUNT(*) FROM deliveries"));
    }

    [Fact]
    public async Task Events_of_one_order_go_one_after_another_and_orders_side_by_side()
    {
        await Subscribe(1, "*");
        await Tell(1, "ord_a", 1);
        await Tell(2, "ord_a", 2);
        await Tell(3, "ord_a", 3);
        await Tell(4, "ord_b", 1);

        var turn = await Turn();
        Assert.Equal(["event 1", "event 4"], turn.Started.Select(attempt => attempt.Body).Order());
        Assert.Null(turn.NextDueAt);
        Assert.Empty((await Turn()).Started);

        turn = await Turn(ended: Ended(turn.Started.Single(attempt => attempt.Body == "event 1"), DeliveryStatus.Succeeded));
        Assert.Equal(["event 2"], turn.Started.Select(attempt => attempt.Body));
        turn = await Turn(ended: Ended(turn.Started[0], DeliveryStatus.Parked));
        Assert.Equal(["event 3"], turn.Started.Select(attempt => attempt.Body));
    }

    [Fact]
    public async Task A_failed_attempt_holds_its_lane_until_it_is_due_again()
    {
        await Subscribe(1, "*");
        await Tell(1, "ord_a", 1);
        await Tell(2, "ord_a", 2);
        var first = Assert.Single((await Turn()).Started);

        var turn = await Turn(ended: Ended(first, DeliveryStatus.Pending, due: Now.AddSeconds(5)));
        Assert.Empty(turn.Started);
        Assert.Equal(Now.AddSeconds(5), turn.NextDueAt);
        Assert.Empty((await Turn(Now.AddSeconds(5).AddMilliseconds(-1))).Started);

        var again = Assert.Single((await Turn(Now.AddSeconds(5))).Started);
        Assert.Equal((first.Delivery, 2), (again.Delivery, again.Number));
    }

    [Fact]
    public async Task An_attempt_that_nobody_knows_the_end_of_is_due_again_and_a_late_word_of_it_decides_nothing()
    {
        await Subscribe(1, "*");
        await Tell(1);
        var lost = Assert.Single((await Turn()).Started);

        var again = Assert.Single((await Turn(recover: true)).Started);
        Assert.Equal(2, again.Number);
        await Turn(ended: Ended(lost, DeliveryStatus.Parked));
        Assert.Equal(["sending"], await Statuses());
        await Turn(ended: Ended(again, DeliveryStatus.Succeeded));
        await Turn(ended: Ended(again, DeliveryStatus.Succeeded));
        Assert.Equal(["succeeded"], await Statuses());
        Assert.Equal(2, await Count("SELECT COUNT(*) FROM delivery_attempts"));
    }

    [Fact]
    public async Task A_turn_takes_no_more_than_there_is_room_for_and_says_when_to_come_again()
    {
        await Subscribe(1, "*");
        for (var number = 1; number <= 5; number++)
        {
            await Tell(number, $"ord_{number}");
        }

        Assert.Equal(2, (await Turn(room: 2)).Started.Count);
        Assert.Empty((await Turn(room: 0)).Started);
        Assert.Equal(3, (await Turn(room: 4)).Started.Count);
    }

    [Fact]
    public async Task What_is_open_for_a_subscription_that_ended_is_ended_and_what_was_sent_stays()
    {
        await Subscribe(1, "*");
        await Tell(1, "ord_a");
        await Turn(ended: Ended(Assert.Single((await Turn()).Started), DeliveryStatus.Succeeded));
        await Tell(2, "ord_b", 1);
        await Tell(3, "ord_b", 2);

        Assert.False(await Database.Write(session => DeliveryRows.Disable(session, Hook, Now)));

        Assert.Equal(["disabled", "disabled", "succeeded"], await Statuses());
        Assert.Empty((await Turn(Now.AddDays(1))).Started);
    }

    [Fact]
    public async Task The_log_is_paged_newest_first_with_the_attempts_of_each()
    {
        await Subscribe(1, "*");
        for (var number = 1; number <= 5; number++)
        {
            await Tell(number, $"ord_{number}");
        }

        foreach (var attempt in (await Turn()).Started)
        {
            await Turn(ended: Ended(attempt, DeliveryStatus.Succeeded));
        }

        foreach (var limit in new[] { 1, 2, 4, 5, 100 })
        {
            var log = await Pages(limit, page => Read(session => DeliveryRows.Log(session, IdOf(1), page)));
            Assert.Equal(["event 5", "event 4", "event 3", "event 2", "event 1"], log.Select(delivery => delivery.Body));
            Assert.All(log, delivery => Assert.Equal(200, Assert.Single(delivery.Attempts).Status));
        }
    }

    [Fact]
    public async Task A_delivery_is_repeated_for_its_own_merchant_only_and_waits_for_nothing()
    {
        await Subscribe(1, "*");
        await Tell(1, "ord_a", 1);
        await Tell(2, "ord_a", 2);
        var waits = (await Read(session => DeliveryRows.Log(session, IdOf(1), new PageRequest(10, null)))).Data[0].Id;

        Assert.Null(await Again(Theirs, waits, 91));
        Assert.Null(await Again(Ours, new DeliveryId(Id(DeliveryId.Prefix, 77)), 92));
        Assert.Equal(IdOf(1), await Again(Ours, waits, 93));
        Assert.Equal(IdOf(1), await Again(Ours, waits, 93));

        Assert.Equal(["event 1", "event 2"], (await Turn()).Started.Select(attempt => attempt.Body).Order());
    }

    [Fact]
    public async Task Publishers_and_pumps_at_once_leave_no_row_behind()
    {
        await Subscribe(1, "*");
        const int orders = 12;
        const int events = 4;
        var telling = Task.WhenAll(Enumerable.Range(0, orders).Select(async order =>
        {
            for (var sequence = 1; sequence <= events; sequence++)
            {
                await Tell((order * events) + sequence, $"ord_{order}", sequence);
            }
        }));

        var got = new List<string>();
        EndedAttempt[] ended = [];
        while (true)
        {
            var isOver = telling.IsCompleted;
            var turn = await Turn(Now.AddHours(1), ended: ended);
            got.AddRange(turn.Started.Select(attempt => attempt.Body));
            ended = [.. turn.Started.Select(attempt => Ended(attempt, DeliveryStatus.Succeeded))];
            if (isOver && ended.Length == 0)
            {
                break;
            }
        }

        await telling;
        Assert.Equal(Enumerable.Range(1, orders * events).Select(number => $"event {number}").Order(), got.Order());
        foreach (var order in Enumerable.Range(0, orders))
        {
            var ours = Enumerable.Range(1, events).Select(sequence => $"event {(order * events) + sequence}").ToList();
            Assert.Equal(ours, got.Where(ours.Contains));
        }
    }

    private static WebhookId IdOf(int number) => new(Id(WebhookId.Prefix, number));

    private static EndedAttempt Ended(StartedAttempt attempt, DeliveryStatus status, DateTimeOffset? due = null) =>
        new(attempt.Delivery, attempt.Number, attempt.Lane, attempt.At, status, due, 200, 3, "ok", """{"url":"https://example.com/","headers":{}}""");

    private Task Subscribe(int number, params string[] events) => Subscribe(number, Ours, active: true, deleted: false, events);

    private Task Subscribe(int number, MerchantId merchant, bool active, bool deleted, params string[] events) =>
        Write(session => WebhookRows.Upsert(session, new WebhookRow(
            new WebhookState
            {
                Id = IdOf(number),
                Merchant = merchant,
                Url = "https://example.com/",
                Events = [.. events],
                Active = active,
                Deleted = deleted,
                CreatedAt = Now,
            },
            1)));

    /// <summary>Stores an event of ours and fans it out; answers whose queues it went to.</summary>
    private Task<HashSet<string>> Tell(int number, string subject = "ord_1", long sequence = 1) => Database.Write(async session =>
    {
        var awaited = new HashSet<string>();
        var outgoing = new OutgoingEvent(
            new EventId(Id(EventId.Prefix, number)), Ours, "order.paid", subject, sequence, Now.AddMilliseconds(number), true, $"event {number}");
        if (await EventRows.Insert(session, outgoing, Now))
        {
            await DeliveryRows.FanOut(session, outgoing, Now, awaited);
        }

        return awaited;
    });

    private Task<DeliveryTurn> Turn(DateTimeOffset? now = null, int room = 100, bool recover = false, params EndedAttempt[] ended) =>
        Database.Write(session => DeliveryRows.Turn(session, new DeliveryTurnRequest(Hook, Ours.Value, recover, ended, room, now ?? Now)));

    private Task<WebhookId?> Again(MerchantId merchant, DeliveryId delivery, int number) => Database.Write(
        session => DeliveryRows.InsertAgain(session, merchant, delivery, new DeliveryId(Id(DeliveryId.Prefix, number)), Now));

    private Task<List<string>> Statuses() =>
        Read(session => session.Query("SELECT status FROM deliveries ORDER BY status", reader => reader.GetString(0)));
}
