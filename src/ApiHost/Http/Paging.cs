using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Problems;
using OpenBitum.ReadModel;

namespace OpenBitum.Http;

/// <summary>`?limit=` (1-100, default 20) and `?cursor=` of every list.</summary>
internal static class Paging
{
    public const string Limit = "limit";
    public const string Cursor = "cursor";

    public const int MostRows = 100;
    public const int UsualRows = 20;

    public static bool TryReadPage(this IQueryCollection query, out PageRequest page, out Invalid invalid)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        ReadModel.Cursor? after = null;
        if (query.TryGetValue(Cursor, out var cursor) && !ReadModel.Cursor.TryParse(cursor.ToString(), out after))
        {
            problems.Add(new FieldProblem(Cursor, FieldProblemCode.BadFormat, "Send the nextCursor of the page before, unchanged."));
        }

        page = new PageRequest(query.ReadLimit(problems), after);
        invalid = problems.Count > 0 ? new Invalid(problems.ToImmutable()) : null!;
        return problems.Count == 0;
    }

    public static int ReadLimit(this IQueryCollection query, ImmutableArray<FieldProblem>.Builder problems)
    {
        if (!query.TryGetValue(Limit, out var text))
        {
            return UsualRows;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostRows)
        {
            return limit;
        }

        problems.Add(new FieldProblem(Limit, FieldProblemCode.OutOfRange, $"Write a whole number from 1 to {MostRows}."));
        return UsualRows;
    }
}
