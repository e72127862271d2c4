using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenBitum.Http;
using OpenBitum.Problems;
using Xunit;

namespace OpenBitum.Tests.Http;

public sealed class QueryTimeTests
{
    [Theory]
    [InlineData("2026-01-31T00:00:00Z", "2026-01-31T00:00:00.000")]
    [InlineData("2026-01-31t00:00:00z", "2026-01-31T00:00:00.000")]
    [InlineData("2026-01-31T00:00:00.5Z", "2026-01-31T00:00:00.500")]
    [InlineData("2026-01-31T02:00:00.123+02:00", "2026-01-31T00:00:00.123")]
    [InlineData("2026-01-31T00:00:00.123000Z", "2026-01-31T00:00:00.123")]
    [InlineData("2026-01-31T00:00:00.123001Z", "2026-01-31T00:00:00.124")]
    [InlineData("2026-01-31T00:00:00.9999999Z", "2026-01-31T00:00:01.000")]
    public void A_time_is_read_and_its_smallest_parts_count_upwards(string text, string expected)
    {
        var (time, problems) = Read(text);

        Assert.Empty(problems);
        Assert.Equal(expected, time!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture));
        Assert.Equal(0, time.Value.UtcTicks % TimeSpan.TicksPerMillisecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T00:00:00")]
    [InlineData("2026-01-31 00:00:00Z")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-01-31T00:00:00.12345678Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void What_is_no_time_with_a_zone_is_a_problem(string text)
    {
        var (time, problems) = Read(text);

        Assert.Null(time);
        Assert.Equal(("from", FieldProblemCode.BadFormat), (problems.Single().Field, problems.Single().Code));
    }

    private static (DateTimeOffset? Time, ImmutableArray<FieldProblem> Problems) Read(string text)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        var query = new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["from"] = text });
        return (query.ReadTime("from", problems), problems.ToImmutable());
    }
}
