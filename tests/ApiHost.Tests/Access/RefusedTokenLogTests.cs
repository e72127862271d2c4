using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class RefusedTokenLogTests
{
    [Fact]
    public async Task Whoever_sends_bad_tokens_fills_no_disk_and_the_log_says_how_many_there_were()
    {
        var lines = new LogLines(nameof(TokenVerifier));
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = await ApiServer.Start(
            new() { ["Logging:LogLevel:OpenBitum.Access.TokenVerifier"] = "Information" },
            services => services.AddSingleton<TimeProvider>(clock).AddSingleton<ILoggerProvider>(lines));

        await Send(LogAllowance.LinesPerMinute);
        Assert.Equal(LogAllowance.LinesPerMinute, lines.Count);
        await Send(25);
        Assert.Equal(LogAllowance.LinesPerMinute, lines.Count);

        clock.Advance(TimeSpan.FromMinutes(1));
        await Send(1);
        Assert.Equal(LogAllowance.LinesPerMinute + 1, lines.Count);
        Assert.Contains("25 more since the last such line", lines.Last(), StringComparison.Ordinal);
        await Send(1);
        Assert.Contains("0 more since", lines.Last(), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.DoesNotContain("secret-part", line, StringComparison.Ordinal));

        async Task Send(int count)
        {
            for (var number = 0; number < count; number++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get("/api/products", "no.secret-part.token")).Status);
            }
        }
    }
}
