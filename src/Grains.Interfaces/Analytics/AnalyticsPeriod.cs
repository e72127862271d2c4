using System.Collections.Immutable;
using OpenBitum.Problems;

namespace OpenBitum.Analytics;

/// <summary>How a period is cut into points: UTC days, weeks from Monday (ISO 8601), calendar months.</summary>
public enum AnalyticsInterval { Day, Week, Month }

/// <summary>From one moment to before another, UTC.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.period")]
public sealed record AnalyticsPeriod(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] AnalyticsInterval Interval)
{
    /// <summary>Ten years.</summary>
    public const int MostDays = 3_660;

    public const int MostPoints = 400;

    private const int UsualDays = 30;

    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    private static readonly DateTimeOffset Latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// What was asked for: without an end today is the last day, without a beginning it is 30 days before the end. Both by default are
    /// whole days.
    /// </summary>
    /// <param name="problems">What is wrong with it; then there is no period.</param>
    public static AnalyticsPeriod? Of(
        DateTimeOffset? from, DateTimeOffset? to, AnalyticsInterval interval, DateTimeOffset now, out ImmutableArray<FieldProblem> problems)
    {
        problems = [.. Limits("from", from), .. Limits("to", to)];
        if (problems.Length > 0)
        {
            return null;
        }

        var end = (to ?? StartOfDay(now).AddDays(1)).ToUniversalTime();
        var start = (from ?? end.AddDays(-UsualDays)).ToUniversalTime();
        if (start >= end)
        {
            problems = [new FieldProblem(to is null ? "from" : "to", FieldProblemCode.OutOfRange, "The end must be behind the beginning; without it today is the last day.")];
            return null;
        }

        var period = new AnalyticsPeriod(start, end, interval);
        if (end - start > TimeSpan.FromDays(MostDays))
        {
            problems = [new FieldProblem("to", FieldProblemCode.OutOfRange, $"A period has at most {MostDays} days.")];
        }
        else if (period.Points().Take(MostPoints + 1).Count() > MostPoints)
        {
            problems = [new FieldProblem("interval", FieldProblemCode.OutOfRange, $"A series has at most {MostPoints} points; take a longer interval or a shorter period.")];
        }

        return problems.Length == 0 ? period : null;
    }

    /// <summary>Where each point begins; the first at the period's own beginning.</summary>
    public IEnumerable<DateTimeOffset> Points()
    {
        for (var start = From; start < To; start = Next(start))
        {
            yield return start;
        }
    }

    public static DateTimeOffset StartOfDay(DateTimeOffset moment) => new(moment.UtcDateTime.Date, TimeSpan.Zero);

    private DateTimeOffset Next(DateTimeOffset moment)
    {
        var day = StartOfDay(moment);
        return Interval switch
        {
            AnalyticsInterval.Day => day.AddDays(1),
            AnalyticsInterval.Week => day.AddDays(7 - (((int)day.DayOfWeek + 6) % 7)),
            AnalyticsInterval.Month => new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1),
            _ => throw new InvalidOperationException($"No such interval: {Interval}."),
        };
    }

    private static IEnumerable<FieldProblem> Limits(string field, DateTimeOffset? moment)
    {
        if (moment < Earliest || moment > Latest)
        {
            yield return new FieldProblem(field, FieldProblemCode.OutOfRange, "Write a time from 1970 to 3000.");
        }
    }
}
