using System.Data.Common;
using Microsoft.AspNetCore.Connections;

namespace OpenBitum.Http;

/// <summary>Turns what was thrown, or answered by status alone, into the error body. No stack, type name or SQL leaves.</summary>
internal sealed partial class Failures(RequestDelegate next, ILogger<Failures> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused)
        {
            await Answer(context, HttpError.OfStatus(refused.StatusCode));
            return;
        }
        catch (Exception gone) when (
            gone is ConnectionResetException || (gone is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // Nobody is there to answer.
            return;
        }
        catch (Exception failure) when (failure is DbException or OrleansException or TimeoutException)
        {
            LogUnavailable(context.Request.Method, context.Request.Path, context.TraceIdentifier, failure);
            await Answer(context, HttpError.Unavailable);
            return;
        }
        catch (Exception failure)
        {
            LogFailed(context.Request.Method, context.Request.Path, context.TraceIdentifier, failure);
            await Answer(context, HttpError.Internal);
            return;
        }

        if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && context.Response.ContentType is null)
        {
            await context.Response.WriteError(HttpError.OfStatus(context.Response.StatusCode));
        }
    }

    private static Task Answer(HttpContext context, HttpError code)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Headers.ETag = default;
        context.Response.Headers.Location = default;
        return context.Response.WriteError(code);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was answered with 503 (request {RequestId})")]
    private partial void LogUnavailable(string method, string path, string requestId, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (request {RequestId})")]
    private partial void LogFailed(string method, string path, string requestId, Exception failure);
}
