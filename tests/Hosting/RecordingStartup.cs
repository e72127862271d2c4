using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenBitum.Tests.Hosting;

/// <summary>Records at the outermost place of a host that runs in this process, so that no client is overlooked.</summary>
public sealed class RecordingStartup(ExchangeLog log) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Record);
        next(app);
    };

    private async Task Record(HttpContext context, RequestDelegate next)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        await using var sent = new CopyingStream(context.Request.Body);
        await using var answered = new CopyingStream(context.Response.Body);
        context.Request.Body = sent;
        context.Response.Body = answered;
        var secrets = PlantedSecrets.Current;
        // Now: a proxy's headers are taken off on the way.
        secrets.AddHeaders(context.Request.Headers);
        await next(context);
        secrets.AddHeaders(context.Response.Headers);
        secrets.AddBody(ExchangeLog.Text(sent.Copy));
        secrets.AddBody(ExchangeLog.Text(answered.Copy));
        log.Add(new Exchange(
            context.Request.Method,
            target,
            context.Request.ContentType,
            ExchangeLog.Text(sent.Copy),
            context.Response.StatusCode,
            context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            ExchangeLog.Text(answered.Copy),
            answered.Copy.Length > ExchangeLog.MostBytes || context.RequestAborted.IsCancellationRequested));
    }
}
