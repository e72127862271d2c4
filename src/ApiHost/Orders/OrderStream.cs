using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenBitum.Json;
using OpenBitum.Time;

namespace OpenBitum.Orders;

/// <summary>
/// 200 with server-sent events (WHATWG HTML, section 9.2): the buyer's view at once and on each change. It ends with the client, with
/// the host, and after a while by itself, because nobody notices a client whose network has gone; a browser comes back by itself.
/// </summary>
internal sealed class OrderStream(
    IOrderGrain order, BuyerOrderView first, Action close, TimeProvider clock, CancellationToken stopping) : IResult
{
    public const string MediaType = "text/event-stream";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    private string shown = "";
    private DateTimeOffset writtenAt;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var ageing = new CancellationTokenSource(Longest, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping, ageing.Token);
        try
        {
            var response = httpContext.Response;
            response.ContentType = MediaType;
            response.Headers.CacheControl = "private, no-cache";
            // nginx would keep the events until there are enough of them.
            response.Headers["X-Accel-Buffering"] = "no";
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await Follow(httpContext, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // It is over, and nothing is half sent: an event goes out in one piece.
        }
        finally
        {
            close();
        }
    }

    private async Task Follow(HttpContext context, CancellationToken ending)
    {
        var view = first;
        await Write(context, "retry: 2000\n\n"u8.ToArray(), ending);
        if (context.Request.Headers["Last-Event-ID"] == NameOf(view))
        {
            shown = Serialize(view);
        }

        while (true)
        {
            var askedAt = clock.Now();
            await Show(context, view, ending);
            view = await Next(context, view.Version, ending);

            // The grain may answer at once; whatever happens within the second is told together.
            if (askedAt + Gap - clock.Now() is var pause && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, ending);
                view = await Latest(view);
            }
        }
    }

    private async Task<BuyerOrderView> Latest(BuyerOrderView view)
    {
        try
        {
            return await order.BuyerView() ?? view;
        }
        catch (TimeoutException)
        {
            // What has been heard is shown meanwhile; the next question brings what came after it.
            return view;
        }
    }

    /// <summary>The next view, with comments meanwhile so that no proxy takes the stream for dead.</summary>
    private async Task<BuyerOrderView> Next(HttpContext context, long version, CancellationToken ending)
    {
        var next = Ask(version, ending);
        while (true)
        {
            using var heard = CancellationTokenSource.CreateLinkedTokenSource(ending);
            var quiet = Task.Delay(Later(writtenAt + Quiet), clock, heard.Token);
            if (await Task.WhenAny(next, quiet) == next)
            {
                await heard.CancelAsync();
                return await next ?? throw new InvalidOperationException("An order that was shown is gone.");
            }

            ending.ThrowIfCancellationRequested();
            await Write(context, ":\n\n"u8.ToArray(), ending);
        }
    }

    /// <summary>Goes on asking while the silo is too busy to answer in time: who is only waiting has lost nothing by it.</summary>
    private async Task<BuyerOrderView?> Ask(long version, CancellationToken ending)
    {
        while (true)
        {
            try
            {
                return await order.Next(version, ending);
            }
            catch (TimeoutException)
            {
            }
        }
    }

    private TimeSpan Later(DateTimeOffset time) => time - clock.Now() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>A version may differ in what the buyer does not see; that is no news.</summary>
    private async Task Show(HttpContext context, BuyerOrderView view, CancellationToken ending)
    {
        var text = Serialize(view);
        if (text == shown)
        {
            return;
        }

        shown = text;
        await Write(
            context,
            [.. Encoding.ASCII.GetBytes($"id: {NameOf(view)}\nevent: order\ndata: "), .. BuyerJson.WithTime(text, clock.Now()), .. "\n\n"u8],
            ending);
    }

    private async Task Write(HttpContext context, byte[] text, CancellationToken ending)
    {
        await context.Response.Body.WriteAsync(text, ending);
        await context.Response.Body.FlushAsync(ending);
        writtenAt = clock.Now();
    }

    private static string Serialize(BuyerOrderView view) => JsonSerializer.Serialize(view, WireJson.Options);

    private static string NameOf(BuyerOrderView view) => view.Version.ToString(CultureInfo.InvariantCulture);
}
