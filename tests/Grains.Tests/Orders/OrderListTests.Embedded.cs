using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>Only SQLite tells its plan by the statement alone; the server weighs the rows that it has.</summary>
public sealed partial class OrderListTests
{
    [Fact]
    public async Task Every_list_is_served_by_an_index()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        var order = StoredOrders.View(Merchant, 1);
        string?[] searches =
        [
            null, order.OrderId.Value, order.CustomerId.Value, order.ProductId.Value, order.Email, Transaction(1),
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ];
        var filters =
            from status in new OrderStatus?[] { null, OrderStatus.Paid }
            from product in new[] { null, (Catalog.ProductId?)order.ProductId }
            from customer in new[] { null, (Customers.CustomerId?)order.CustomerId }
            from since in new DateTimeOffset?[] { null, order.CreatedAt }
            from until in new DateTimeOffset?[] { null, order.CreatedAt }
            from search in searches
            from sort in Sorts
            select new OrderFilter(status, product, customer, since, until) { Search = search, Sort = sort };
        var lists = 0;
        foreach (var filter in filters)
        {
            foreach (var after in new OrderId?[] { null, order.OrderId })
            {
                var listing = new OrderListing(Merchant, filter, after, order.CreatedAt, 21);
                var plan = await host.Database.Read(session => session.Query(
                    $"EXPLAIN QUERY PLAN {listing.Sql}", reader => reader.GetString(3), listing.Values));

                // What one transaction or address pays is found first, and sorted in memory: a handful.
                var isSorted = filter.Search is { Length: > 40 };
                Assert.All(plan, step => Assert.True(
                    step.StartsWith("SEARCH ", StringComparison.Ordinal) || (isSorted && (step is "SCAN t" || !step.StartsWith("SCAN ", StringComparison.Ordinal))),
                    $"{filter} after {after}: {string.Join("; ", plan)}"));
                lists++;
            }
        }

        Assert.Equal(2 * 3 * searches.Length * 32, lists);
    }
}
