using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OpenBitum.Http;
using Orleans.Runtime;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Tests.Http;

public sealed class FailuresTests
{
    public static TheoryData<Exception, int, string> Thrown => new()
    {
        { new TimeoutException("grain order/ord_1"), 503, "unavailable" },
        { new OrleansException("silo 10.0.0.1"), 503, "unavailable" },
        { new InconsistentStateException("etag"), 503, "unavailable" },
        { new BrokenDatabaseException("SELECT secret"), 503, "unavailable" },
        { new BadHttpRequestException("too large", 413), 413, "payload_too_large" },
        { new BadHttpRequestException("broken", 400), 400, "malformed" },
        { new InvalidOperationException("at OpenBitum.Orders"), 500, "internal" },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public async Task What_is_thrown_leaves_as_a_code_and_nothing_else(Exception thrown, int status, string code)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await new Failures(_ => throw thrown, NullLogger<Failures>.Instance).InvokeAsync(context);

        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Contains($"\"error\":\"{code}\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain(thrown.Message, body, StringComparison.Ordinal);
        Assert.Equal(status == 503 ? "1" : "", context.Response.Headers.RetryAfter.ToString());
    }

    public static TheoryData<Exception> Departures => [new OperationCanceledException(), new ConnectionResetException("reset")];

    [Theory]
    [MemberData(nameof(Departures))]
    public async Task A_caller_who_went_away_is_not_answered(Exception departure)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() }, RequestAborted = new CancellationToken(canceled: true) };

        await new Failures(_ => throw departure, NullLogger<Failures>.Instance).InvokeAsync(context);

        Assert.Equal(0, context.Response.Body.Length);
    }

    private sealed class BrokenDatabaseException(string message) : System.Data.Common.DbException(message);
}
