using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Customers;

namespace OpenBitum.ReadModel;

/// <summary>Table `totals`: what orders add up to, by customer and by merchant and day.</summary>
public static class TotalRows
{
    private const long Base = 1_000_000_000_000_000_000;
    private const long HalfBase = 1_000_000_000;
    private const int ColumnsOfARow = 8;

    /// <summary>An order changes some ten sums at most; more go in several statements.</summary>
    private const int MostRowsAtOnce = 16;

    private const long MillisecondsOfADay = 86_400_000;

    private static readonly ImmutableArray<string> Additions = [.. Enumerable.Range(1, MostRowsAtOnce).Select(Addition)];

    /// <summary>Whole days since 1970-01-01 UTC; for moments from then on.</summary>
    public static long DayOf(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() / MillisecondsOfADay;

    /// <summary>Midnight UTC.</summary>
    public static DateTimeOffset StartOf(long day) => DateTimeOffset.FromUnixTimeMilliseconds(day * MillisecondsOfADay);

    /// <summary>
    /// Adds the difference of what an order counts now and what it counted before. Sums that stay the same cost nothing; the others
    /// go into one statement, in the order of their keys, so that two that change the same sums never wait for each other.
    /// </summary>
    public static async Task Change(
        SqlSession session, MerchantId merchant, CustomerId customer, ImmutableArray<TallyEntry> before, ImmutableArray<TallyEntry> now)
    {
        var changes = new SortedDictionary<SumKey, Sum>();
        foreach (var entry in now)
        {
            Add(entry, 1);
        }

        foreach (var entry in before)
        {
            Add(entry, -1);
        }

        foreach (var rows in changes.Where(change => change.Value != default).Chunk(MostRowsAtOnce))
        {
            await session.Execute(Additions[rows.Length - 1], [.. rows.SelectMany(ValuesOf)]);
        }

        // What came back to nothing goes, so that the table says what the orders say and no more. It is rare: a reversal, a refund.
        foreach (var (key, _) in changes.Where(change => change.Value.Number < 0 || change.Value.Atoms < 0))
        {
            await session.Execute(
                """
                DELETE FROM totals WHERE owner = $1 AND measure = $2 AND day = $3 AND item = $4 AND asset = $5
                    AND number = 0 AND high = 0 AND low = 0
                """,
                key.Owner, key.Measure, key.Day, key.Item, key.Asset);
        }

        void Add(TallyEntry entry, int sign)
        {
            var key = new SumKey(
                entry.At is null ? customer.Value : merchant.Value, entry.Measure, entry.At is { } at ? DayOf(at) : 0, entry.Item,
                Tally.NameOf(entry.Asset));
            var sum = changes.GetValueOrDefault(key);
            changes[key] = new Sum(sum.Number + (sign * entry.Number), sum.Atoms + (sign * entry.Atoms));
        }
    }

    /// <summary>What a merchant's whole days add up to; each entry stands at the beginning of its day.</summary>
    /// <param name="fromDay">The first day.</param>
    /// <param name="toDay">The day behind the last.</param>
    public static async Task<List<TallyEntry>> OfDays(SqlSession session, MerchantId merchant, string measure, long fromDay, long toDay) =>
        await session.Query(
            "SELECT day, item, asset, number, high, low FROM totals WHERE owner = $1 AND measure = $2 AND day >= $3 AND day < $4",
            reader => new TallyEntry(
                measure, StartOf(reader.GetInt64(0)), reader.GetString(1), Tally.AssetOf(reader.GetString(2)),
                reader.GetInt64(3), AtomsOf(reader.GetInt64(4), reader.GetInt64(5))),
            merchant.Value, measure, fromDay, toDay);

    /// <summary>The same, with one sum over all days for each item and asset; the entries stand at the beginning of the first day.</summary>
    public static Task<List<TallyEntry>> OfItems(SqlSession session, MerchantId merchant, string measure, long fromDay, long toDay) =>
        session.Query(
            // The low halves of many days exceed 64 bits together, so they are added in two parts.
            $"""
            SELECT item, asset, CAST(SUM(number) AS BIGINT), CAST(SUM(high) AS BIGINT), CAST(SUM(low / {HalfBase}) AS BIGINT),
                CAST(SUM(low % {HalfBase}) AS BIGINT)
            FROM totals WHERE owner = $1 AND measure = $2 AND day >= $3 AND day < $4 GROUP BY item, asset
            """,
            reader => new TallyEntry(
                measure, StartOf(fromDay), reader.GetString(0), Tally.AssetOf(reader.GetString(1)),
                reader.GetInt64(2), AtomsOf(reader.GetInt64(3), 0) + ((Int128)reader.GetInt64(4) * HalfBase) + reader.GetInt64(5)),
            merchant.Value, measure, fromDay, toDay);

    /// <summary>A customer's sum in a row that was joined: measure, asset, number, high and low from this column on; null for no row.</summary>
    public static TallyEntry? OfCustomer(DbDataReader reader, int column) =>
        reader.IsDBNull(column)
            ? null
            : new TallyEntry(
                reader.GetString(column), null, "", Tally.AssetOf(reader.GetString(column + 1)), reader.GetInt64(column + 2),
                AtomsOf(reader.GetInt64(column + 3), reader.GetInt64(column + 4)));

    private static string Addition(int rows)
    {
        var values = Enumerable.Range(0, rows).Select(row =>
            $"({string.Join(", ", Enumerable.Range(1, ColumnsOfARow).Select(column => $"${(row * ColumnsOfARow) + column}"))})");
        return string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO totals (owner, measure, day, item, asset, number, high, low) VALUES {string.Join(", ", values)}
            ON CONFLICT (owner, measure, day, item, asset) DO UPDATE SET number = totals.number + excluded.number,
                high = totals.high + excluded.high + (totals.low + excluded.low) / {Base}, low = (totals.low + excluded.low) % {Base}
            """);
    }

    private static IEnumerable<object?> ValuesOf(KeyValuePair<SumKey, Sum> change)
    {
        var (key, sum) = change;
        // Rounded down, so that the low half is never negative and a division in SQL means the same everywhere.
        var low = sum.Atoms % Base;
        low += low < 0 ? Base : 0;
        return [key.Owner, key.Measure, key.Day, key.Item, key.Asset, sum.Number, (long)((sum.Atoms - low) / Base), (long)low];
    }

    private static Int128 AtomsOf(long high, long low) => ((Int128)high * Base) + low;

    private readonly record struct Sum(long Number, Int128 Atoms);

    private readonly record struct SumKey(string Owner, string Measure, long Day, string Item, string Asset) : IComparable<SumKey>
    {
        public int CompareTo(SumKey other)
        {
            var order = string.CompareOrdinal(Owner, other.Owner);
            order = order != 0 ? order : string.CompareOrdinal(Measure, other.Measure);
            order = order != 0 ? order : Day.CompareTo(other.Day);
            order = order != 0 ? order : string.CompareOrdinal(Item, other.Item);
            return order != 0 ? order : string.CompareOrdinal(Asset, other.Asset);
        }
    }
}
