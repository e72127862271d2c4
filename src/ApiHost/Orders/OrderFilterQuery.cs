using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Http;
using OpenBitum.Ids;
using OpenBitum.Problems;

namespace OpenBitum.Orders;

/// <summary>`?status=&amp;productId=&amp;customerId=&amp;from=&amp;to=&amp;q=&amp;sort=` of the list of orders.</summary>
internal static class OrderFilterQuery
{
    public const string Status = "status";
    public const string Product = "productId";
    public const string Customer = "customerId";
    public const string From = "from";
    public const string To = "to";
    public const string Search = "q";
    public const string Sort = "sort";

    /// <summary>An e-mail may have 254 characters, an address or id fewer.</summary>
    public const int LongestSearch = 300;

    public static string[] Names { get; } = [Status, Product, Customer, From, To, Search, Sort];

    public static bool TryReadFilter(this IQueryCollection query, out OrderFilter filter, out Invalid invalid)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        filter = new OrderFilter(
            ReadStatus(query, problems),
            ReadId<ProductId>(query, Product, problems),
            ReadId<CustomerId>(query, Customer, problems),
            query.ReadTime(From, problems),
            query.ReadTime(To, problems))
        {
            Search = ReadSearch(query, problems),
            Sort = ReadSort(query, problems),
        };
        invalid = problems.Count > 0 ? new Invalid(problems.ToImmutable()) : null!;
        return problems.Count == 0;
    }

    private static OrderStatus? ReadStatus(IQueryCollection query, ImmutableArray<FieldProblem>.Builder problems)
    {
        OrderStatus? status = query[Status].ToString() switch
        {
            "pending" => OrderStatus.Pending,
            "processing" => OrderStatus.Processing,
            "paid" => OrderStatus.Paid,
            "expired" => OrderStatus.Expired,
            "refunded" => OrderStatus.Refunded,
            _ => null,
        };
        if (status is null && query.ContainsKey(Status))
        {
            problems.Add(new FieldProblem(Status, FieldProblemCode.BadFormat, "Write pending, processing, paid, expired or refunded."));
        }

        return status;
    }

    private static string? ReadSearch(IQueryCollection query, ImmutableArray<FieldProblem>.Builder problems)
    {
        if (!query.TryGetValue(Search, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (text.Length is 0 || text.Any(char.IsControl))
        {
            problems.Add(new FieldProblem(Search, FieldProblemCode.BadFormat, "Write an id, an e-mail, an address or a transaction id."));
        }
        else if (text.Length > LongestSearch)
        {
            problems.Add(new FieldProblem(Search, FieldProblemCode.TooLong, $"Write at most {LongestSearch} characters."));
        }

        return text;
    }

    private static OrderSort ReadSort(IQueryCollection query, ImmutableArray<FieldProblem>.Builder problems)
    {
        OrderSort? sort = query[Sort].ToString() switch
        {
            "-createdAt" => OrderSort.Newest,
            "createdAt" => OrderSort.Oldest,
            "-paidAt" => OrderSort.LastPaid,
            _ => null,
        };
        if (sort is null && query.ContainsKey(Sort))
        {
            problems.Add(new FieldProblem(Sort, FieldProblemCode.BadFormat, "Write createdAt, -createdAt or -paidAt."));
        }

        return sort ?? OrderSort.Newest;
    }

    private static T? ReadId<T>(IQueryCollection query, string name, ImmutableArray<FieldProblem>.Builder problems)
        where T : struct, IId<T>
    {
        if (!query.TryGetValue(name, out var text))
        {
            return null;
        }

        if (T.TryParse(text, out var id))
        {
            return id;
        }

        problems.Add(new FieldProblem(name, FieldProblemCode.BadFormat, "Write an id as a list shows it."));
        return null;
    }
}
