using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>
/// The statement of one list of orders. What the filter leaves open is left out, so that the index of the rest serves it; each sort
/// has its indexes, so that a page costs the same wherever it begins.
/// </summary>
public sealed class OrderListing
{
    private readonly List<string> conditions = [];
    private readonly List<object?> values = [];

    /// <param name="place">Where the page before ended, as its cursor says.</param>
    public OrderListing(MerchantId merchant, OrderFilter filter, OrderId? after, DateTimeOffset place, int limit)
    {
        var (sorted, direction, behind) = filter.Sort switch
        {
            OrderSort.Oldest => ("o.created_at", "ASC", ">"),
            OrderSort.LastPaid => ("o.paid_at", "DESC", "<"),
            _ => ("o.created_at", "DESC", "<"),
        };
        Where("o.merchant =", merchant.Value);
        Where("o.status =", filter.Status is { } status ? OrderRows.NameOf(status) : null);
        Where("o.product =", filter.Product?.Value);
        Where("o.customer =", filter.Customer?.Value);
        // The sign hides the column where another sorts: an index of the time of creation would have to be sorted anew.
        var created = filter.Sort is OrderSort.LastPaid ? "+o.created_at" : "o.created_at";
        Where($"{created} >=", filter.From);
        Where($"{created} <", filter.To);
        var tables = filter.Search is { } text ? Find(OrderSearch.Of(text)) : "orders o";
        if (filter.Sort is OrderSort.LastPaid)
        {
            // Said in words, so that an index of what was paid is known to hold all of it.
            conditions.Add("o.paid_at IS NOT NULL");
        }

        if (after is { } id)
        {
            values.AddRange([place, id.Value]);
            conditions.Add($"({sorted}, o.id) {behind} (${values.Count - 1}, ${values.Count})");
        }

        values.Add((long)limit);
        Sql = string.Create(CultureInfo.InvariantCulture,
            $"SELECT o.view, o.version, {sorted} FROM {tables} WHERE {string.Join(" AND ", conditions)} ORDER BY {sorted} {direction}, o.id {direction} LIMIT ${values.Count}");
    }

    public string Sql { get; }

    public object?[] Values => [.. values];

    /// <summary>
    /// The table that holds what is looked for comes first: CROSS JOIN says so to SQLite, and is a plain join on the server. These are
    /// the orders of one transaction, address or erased buyer; they are few, and sorted as they are found.
    /// </summary>
    private string Find(OrderSearch search)
    {
        Where("o.id =", search.Order?.Value);
        Where("o.product =", search.Product?.Value);
        Where("o.customer =", search.Customer?.Value);
        Where("o.email =", search.Email);
        if (search.Script is { } script)
        {
            values.Add(script);
            conditions.Add($"s.chain IN ({string.Join(", ", OrderSearch.Chains.Select(chain => $"'{chain}'"))}) AND s.script = ${values.Count} AND o.id = s.listener");
            return "scripts s CROSS JOIN orders o";
        }

        if (search.Transaction is { } transaction)
        {
            values.Add(transaction);
            conditions.Add("o.id = t.order_id");
            return $"""
                (SELECT order_id FROM order_transactions WHERE merchant = $1 AND tx_id = ${values.Count}
                UNION SELECT id FROM orders WHERE merchant = $1 AND email = ${values.Count}) t CROSS JOIN orders o
                """;
        }

        return "orders o";
    }

    private void Where(string condition, object? value)
    {
        if (value is not null)
        {
            values.Add(value);
            conditions.Add($"{condition} ${values.Count}");
        }
    }
}
