using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Json;

namespace OpenBitum.ReadModel;

/// <summary>What counted in a period: whole UTC days from their totals, the parts of days at its ends from the orders themselves.</summary>
public static class AnalyticsRows
{
    private static readonly string[] ByDay = [Measures.Created, Measures.Sold, Measures.Expired, Measures.Refunded];
    private static readonly string[] ByItem = [Measures.SoldProduct, Measures.ReceivedOnChain];

    public static async Task<List<TallyEntry>> Of(SqlSession session, MerchantId merchant, DateTimeOffset from, DateTimeOffset to)
    {
        var firstDay = TotalRows.DayOf(from) + (from == TotalRows.StartOf(TotalRows.DayOf(from)) ? 0 : 1);
        var endDay = TotalRows.DayOf(to);
        if (firstDay >= endDay)
        {
            return await OrderRows.Counted(session, merchant, from, to);
        }

        var entries = new List<TallyEntry>();
        foreach (var measure in ByDay)
        {
            entries.AddRange(await TotalRows.OfDays(session, merchant, measure, firstDay, endDay));
        }

        foreach (var measure in ByItem)
        {
            entries.AddRange(await TotalRows.OfItems(session, merchant, measure, firstDay, endDay));
        }

        await AddOrders(from, TotalRows.StartOf(firstDay));
        await AddOrders(TotalRows.StartOf(endDay), to);
        return entries;

        async Task AddOrders(DateTimeOffset start, DateTimeOffset end)
        {
            if (start < end)
            {
                entries.AddRange(await OrderRows.Counted(session, merchant, start, end));
            }
        }
    }

    /// <summary>Of every product that was sold on a day of the period; by id.</summary>
    public static async Task<Dictionary<string, string>> ProductNames(
        SqlSession session, MerchantId merchant, DateTimeOffset from, DateTimeOffset to)
    {
        var products = await session.Query(
            """
            SELECT view FROM products WHERE merchant = $1
                AND id IN (SELECT item FROM totals WHERE owner = $1 AND measure = $2 AND day >= $3 AND day <= $4)
            """,
            reader => JsonSerializer.Deserialize<ProductView>(reader.GetString(0), WireJson.Options)!,
            merchant.Value, Measures.SoldProduct, TotalRows.DayOf(from), TotalRows.DayOf(to));
        return products.ToDictionary(product => product.Id.Value, product => product.Name);
    }
}
