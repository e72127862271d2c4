using System.Globalization;
using Orleans.Reminders;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Reminders as rows, found by their grain or by the time they are due.</summary>
internal sealed class EmbeddedReminderTable(EmbeddedStore store) : IReminderTable
{
    internal const string DueRows =
        $"""
        SELECT {Columns} FROM reminders
        WHERE (next_due, grain_type, grain_key, name) > (?1, ?2, ?3, ?4) AND next_due <= ?5
        ORDER BY next_due, grain_type, grain_key, name LIMIT ?6
        """;

    private const string Columns = "grain_type, grain_key, name, start_at, period, next_due, etag";

    public Task<ReminderRow?> Read(GrainId grainId, string name)
        => store.ReadPoint((grainId, name), static (connection, key) => Read(connection, key.grainId, key.name));

    public Task<IReadOnlyList<ReminderRow>> ReadAll(GrainId grainId)
        => store.ReadPoint(grainId, static (connection, grainId) => Rows(connection
            .Statement($"SELECT {Columns} FROM reminders WHERE grain_type = ?1 AND grain_key = ?2 ORDER BY name")
            .Bind(1, grainId.Type)
            .Bind(2, grainId.Key)));

    public Task<IReadOnlyList<ReminderRow>> ReadDue(ReminderCursor? after, DateTimeOffset until, int limit)
    {
        // Before every row: no time is earlier than zero, and the comparison is strict.
        var start = after ?? new ReminderCursor(DateTimeOffset.MinValue, new GrainId("", ""), "");
        return store.Read((start, until, limit), static (connection, page) => Rows(connection
            .Statement(DueRows)
            .Bind(1, page.start.NextDue.UtcTicks)
            .Bind(2, page.start.GrainId.Type)
            .Bind(3, page.start.GrainId.Key)
            .Bind(4, page.start.Name)
            .Bind(5, page.until.UtcTicks)
            .Bind(6, page.limit)));
    }

    public Task<string> Upsert(ReminderRow row)
        => store.Write(row, static (connection, row) => Upsert(connection, row));

    public Task<bool> Remove(GrainId grainId, string name, string etag)
        => store.Write((grainId, name, etag), static (connection, row) => connection
            .Statement("DELETE FROM reminders WHERE grain_type = ?1 AND grain_key = ?2 AND name = ?3 AND etag = ?4")
            .Bind(1, row.grainId.Type)
            .Bind(2, row.grainId.Key)
            .Bind(3, row.name)
            .Bind(4, Number(row.etag))
            .Run() == 1);

    public Task Advance(IReadOnlyList<ReminderRow> rows)
        => store.Write(rows, static (connection, rows) => rows.Sum(row => Advance(connection, row)));

    private static ReminderRow? Read(StoreConnection connection, GrainId grainId, string name)
    {
        var statement = connection
            .Statement($"SELECT {Columns} FROM reminders WHERE grain_type = ?1 AND grain_key = ?2 AND name = ?3")
            .Bind(1, grainId.Type)
            .Bind(2, grainId.Key)
            .Bind(3, name);
        if (!statement.Step()) return null;

        var row = Row(statement);
        statement.Reset();
        return row;
    }

    private static string Upsert(StoreConnection connection, ReminderRow row)
    {
        var etag = connection.NextEtag();
        connection
            .Statement(
                """
                INSERT INTO reminders (grain_type, grain_key, name, start_at, period, next_due, etag)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (grain_type, grain_key, name) DO UPDATE SET
                    start_at = excluded.start_at,
                    period = excluded.period,
                    next_due = excluded.next_due,
                    etag = excluded.etag
                """)
            .Bind(1, row.GrainId.Type)
            .Bind(2, row.GrainId.Key)
            .Bind(3, row.Name)
            .Bind(4, row.StartAt.UtcTicks)
            .Bind(5, row.Period.Ticks)
            .Bind(6, row.NextDue.UtcTicks)
            .Bind(7, etag)
            .Run();
        return etag.ToString(CultureInfo.InvariantCulture);
    }

    private static int Advance(StoreConnection connection, ReminderRow row) => connection
        .Statement(
            """
            UPDATE reminders SET next_due = ?5
            WHERE grain_type = ?1 AND grain_key = ?2 AND name = ?3 AND etag = ?4
            """)
        .Bind(1, row.GrainId.Type)
        .Bind(2, row.GrainId.Key)
        .Bind(3, row.Name)
        .Bind(4, Number(row.ETag))
        .Bind(5, row.NextDue.UtcTicks)
        .Run();

    private static IReadOnlyList<ReminderRow> Rows(StoreStatement statement)
    {
        var rows = new List<ReminderRow>();
        while (statement.Step())
        {
            rows.Add(Row(statement));
        }

        return rows;
    }

    private static ReminderRow Row(StoreStatement statement) => new(
        new GrainId(statement.Text(0), statement.Text(1)),
        statement.Text(2),
        new DateTimeOffset(statement.Int64(3), TimeSpan.Zero),
        new TimeSpan(statement.Int64(4)),
        new DateTimeOffset(statement.Int64(5), TimeSpan.Zero),
        statement.Int64(6).ToString(CultureInfo.InvariantCulture));

    // An ETag that this store never gave out matches no row.
    private static long Number(string? etag)
        => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
