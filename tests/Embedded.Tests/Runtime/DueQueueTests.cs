using OpenBitum.Tests.Hosting;
using Orleans.Stepped;
using Orleans.Timers;

namespace OpenBitum.Runtime;

public sealed class DueQueueTests
{
    private readonly ManualClock clock = new();
    private readonly List<string> seen = [];

    [Fact]
    public void Items_become_due_in_order_and_equals_as_they_were_scheduled()
    {
        using var queue = new DueQueue(clock);
        queue.Schedule(new Item(this, "late"), 20);
        queue.Schedule(new Item(this, "first"), 10);
        queue.Schedule(new Item(this, "second"), 10);

        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["first", "second", "late"], seen);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void An_item_moves_and_leaves()
    {
        using var queue = new DueQueue(clock);
        var moved = new Item(this, "moved");
        var left = new Item(this, "left");
        queue.Schedule(moved, 10 * TimeSpan.TicksPerSecond);
        queue.Schedule(left, TimeSpan.TicksPerSecond);
        queue.Schedule(moved, 2 * TimeSpan.TicksPerSecond);
        queue.Cancel(left);

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["moved"], seen);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Single(seen);
    }

    [Fact]
    public void Nothing_is_early()
    {
        using var queue = new DueQueue(clock);
        queue.Schedule(new Item(this, "due"), (5 * TimeSpan.TicksPerSecond) + 1);

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(seen);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["due"], seen);
    }

    [Fact]
    public void Nothing_is_late_though_its_thread_was_held_up_before_it_set_the_timer()
    {
        var slow = new HeldUpClock(clock);
        using var queue = new DueQueue(slow);
        slow.Before(HeldUpClock.Point.SettingTheTimer, () => clock.Advance(TimeSpan.FromSeconds(8)));
        queue.Schedule(new Item(this, "due"), 10 * TimeSpan.TicksPerSecond);

        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(seen);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["due"], seen);
    }

    [Theory, InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    public void Many_items_that_come_move_and_leave_keep_their_order(ulong seed)
    {
        using var queue = new DueQueue(clock);
        var order = new SeededOrder(seed);
        var items = Enumerable.Range(0, 300).Select(number => new Item(this, $"{number}")).ToArray();
        var expected = new Dictionary<int, (long Due, int Change)>();
        for (var change = 0; change < 3_000; change++)
        {
            var number = order.Next(items.Length);
            if (order.Next(4) == 0)
            {
                queue.Cancel(items[number]);
                expected.Remove(number);
            }
            else
            {
                var due = (1 + order.Next(100)) * TimeSpan.TicksPerSecond;
                queue.Schedule(items[number], due);
                expected[number] = (due, change);
            }
        }

        Assert.Equal(expected.Count, queue.Count);
        clock.Advance(TimeSpan.FromSeconds(101));

        Assert.Equal(expected.OrderBy(pair => pair.Value.Due).ThenBy(pair => pair.Value.Change).Select(pair => $"{pair.Key}"), seen);
    }

    private sealed class Item(DueQueueTests test, string name) : IDueItem
    {
        public int Place { get; set; } = -1;

        public void OnDue(long now) => test.seen.Add(name);
    }
}
