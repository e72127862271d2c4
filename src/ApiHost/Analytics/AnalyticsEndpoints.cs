using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Orders;
using OpenBitum.Problems;
using OpenBitum.Time;

namespace OpenBitum.Analytics;

/// <summary>What a merchant sold.</summary>
internal static class AnalyticsEndpoints
{
    private const string From = "from";
    private const string To = "to";
    private const string Interval = "interval";

    public static void MapAnalytics(this IEndpointRouteBuilder merchant) =>
        merchant.MapMethods("/analytics", Routes.Reading, Read).Takes(From, To, Interval)
            .OpenToKeys(KeyScope.AnalyticsRead).Describe(AnalyticsDescriptions.Read);

    private static async Task<OneOf.Results<Ok<AnalyticsView>, Invalid>> Read(
        HttpRequest request, Caller caller, TimeProvider clock, IGrainFactory grains)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        var from = request.Query.ReadTime(From, problems);
        var to = request.Query.ReadTime(To, problems);
        var interval = ReadInterval(request.Query, problems);
        if (problems.Count > 0)
        {
            return new Invalid(problems.ToImmutable());
        }

        return AnalyticsPeriod.Of(from, to, interval, clock.Now(), out var refused) is { } period
            ? new Ok<AnalyticsView>(await grains.GetGrain<IAnalyticsQueries>("0").OfMerchant(caller.Merchant, period))
            : new Invalid(refused);
    }

    private static AnalyticsInterval ReadInterval(IQueryCollection query, ImmutableArray<FieldProblem>.Builder problems)
    {
        switch (query.TryGetValue(Interval, out var text) ? text.ToString() : "day")
        {
            case "day": return AnalyticsInterval.Day;
            case "week": return AnalyticsInterval.Week;
            case "month": return AnalyticsInterval.Month;
            default:
                problems.Add(new FieldProblem(Interval, FieldProblemCode.BadFormat, "Write day, week or month."));
                return AnalyticsInterval.Day;
        }
    }
}
