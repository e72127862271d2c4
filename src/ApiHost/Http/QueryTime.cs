using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>A moment in a query, such as `?from=2026-01-31T00:00:00Z`.</summary>
internal static class QueryTime
{
    // RFC 3339 with its zone: a time without one would mean another moment on every server.
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>
    /// The moment, in whole milliseconds; null when there is none, or it is a problem. What we keep has no smaller part, so the next
    /// whole one divides it as the moment itself does: into what is before it and what is not.
    /// </summary>
    public static DateTimeOffset? ReadTime(this IQueryCollection query, string name, ImmutableArray<FieldProblem>.Builder problems)
    {
        if (!query.TryGetValue(name, out var text))
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(
            text.ToString().ToUpperInvariant(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time <= DateTimeOffset.MaxValue.AddMilliseconds(-1))
        {
            var over = time.UtcTicks % TimeSpan.TicksPerMillisecond;
            return over == 0 ? time : time.AddTicks(TimeSpan.TicksPerMillisecond - over);
        }

        problems.Add(new FieldProblem(name, FieldProblemCode.BadFormat, "Write a time of RFC 3339 such as 2026-01-31T00:00:00Z."));
        return null;
    }
}
