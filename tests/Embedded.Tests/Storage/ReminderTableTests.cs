using Orleans.Reminders;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class ReminderTableTests
{
    private static readonly DateTimeOffset Start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    [Fact]
    public async Task A_reminder_reads_back_to_the_tick_also_after_a_restart()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        var row = Row("ord_1", "ttl", Start);
        var etag = await new EmbeddedReminderTable(store).Upsert(row);
        store.Kill();

        var table = new EmbeddedReminderTable(await fixture.Open());

        Assert.Equal(row with { ETag = etag }, await table.Read(row.GrainId, "ttl"));
        Assert.Null(await table.Read(row.GrainId, "other"));
        Assert.Null(await table.Read(new GrainId("product", "ord_1"), "ttl"));
    }

    [Fact]
    public async Task A_reminder_that_is_registered_again_has_its_new_times_and_a_new_etag()
    {
        await using var fixture = new StoreFixture();
        var table = new EmbeddedReminderTable(await fixture.Open());
        var first = await table.Upsert(Row("ord_1", "ttl", Start));
        var moved = Row("ord_1", "ttl", Start.AddHours(1)) with { Period = TimeSpan.FromMinutes(7) };

        var second = await table.Upsert(moved);

        Assert.NotEqual(first, second);
        Assert.Equal([moved with { ETag = second }], await table.ReadAll(moved.GrainId));
    }

    [Fact]
    public async Task Only_the_present_etag_removes_a_reminder_and_only_once()
    {
        await using var fixture = new StoreFixture();
        var table = new EmbeddedReminderTable(await fixture.Open());
        var row = Row("ord_1", "ttl", Start);
        var stale = await table.Upsert(row);
        var present = await table.Upsert(row);

        Assert.False(await table.Remove(row.GrainId, "ttl", stale));
        Assert.True(await table.Remove(row.GrainId, "ttl", present));
        Assert.False(await table.Remove(row.GrainId, "ttl", present));
        Assert.Null(await table.Read(row.GrainId, "ttl"));
    }

    [Fact]
    public async Task Advancing_moves_the_next_tick_of_unchanged_rows_and_keeps_their_etag()
    {
        await using var fixture = new StoreFixture();
        var table = new EmbeddedReminderTable(await fixture.Open());
        var kept = await Written(table, Row("ord_1", "ttl", Start));
        var replaced = await Written(table, Row("ord_2", "ttl", Start));
        var anew = await Written(table, Row("ord_2", "ttl", Start));

        await table.Advance([kept with { NextDue = Start.AddMinutes(1) }, replaced with { NextDue = Start.AddMinutes(1) }]);

        Assert.Equal(kept with { NextDue = Start.AddMinutes(1) }, await table.Read(kept.GrainId, "ttl"));
        Assert.Equal(anew, await table.Read(anew.GrainId, "ttl"));
    }

    [Fact]
    public async Task Every_reminder_of_one_grain_comes_by_name_and_none_of_another()
    {
        await using var fixture = new StoreFixture();
        var table = new EmbeddedReminderTable(await fixture.Open());
        foreach (var (key, name) in new[] { ("ord_1", "b"), ("ord_1", "a"), ("ord_2", "c") })
        {
            await table.Upsert(Row(key, name, Start));
        }

        Assert.Equal(["a", "b"], (await table.ReadAll(new GrainId("order", "ord_1"))).Select(row => row.Name));
    }

    [Fact]
    public async Task Pages_of_due_reminders_hold_each_once_though_many_are_due_at_one_time()
    {
        await using var fixture = new StoreFixture();
        var table = new EmbeddedReminderTable(await fixture.Open());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number
            => table.Upsert(Row($"ord_{number:D3}", "ttl", Start.AddSeconds(number / 40)))));

        var keys = new List<string>();
        ReminderCursor? after = null;
        while (await table.ReadDue(after, Start.AddSeconds(1), limit: 7) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 7);
            keys.AddRange(page.Select(row => row.GrainId.Key));
            after = new ReminderCursor(page[^1].NextDue, page[^1].GrainId, page[^1].Name);
        }

        Assert.Equal(Enumerable.Range(0, 80).Select(number => $"ord_{number:D3}"), keys);
    }

    [Fact]
    public async Task Finding_due_reminders_walks_their_index_and_sorts_nothing()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();

        var plan = await store.Read(connection => connection.Plan("EXPLAIN QUERY PLAN " + EmbeddedReminderTable.DueRows));

        Assert.Contains("USING INDEX reminders_by_due", plan, StringComparison.Ordinal);
        Assert.Contains("(next_due,grain_type,grain_key,name)>(?,?,?,?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private static ReminderRow Row(string key, string name, DateTimeOffset due)
        => new(new GrainId("order", key), name, Start, TimeSpan.FromMinutes(5), due, ETag: null);

    private static async Task<ReminderRow> Written(EmbeddedReminderTable table, ReminderRow row)
        => row with { ETag = await table.Upsert(row) };
}

file static class PlanExtensions
{
    public static string Plan(this StoreConnection connection, string sql)
    {
        var lines = new List<string>();
        var statement = connection.Statement(sql);
        while (statement.Step())
        {
            lines.Add(statement.Text(3));
        }

        return string.Join('\n', lines);
    }
}
