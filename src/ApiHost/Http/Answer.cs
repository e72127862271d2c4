using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OpenBitum.Idempotency;
using OpenBitum.Json;
using OpenBitum.Pages;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>
/// What an endpoint answers: a status and a whole JSON body, so that its length is known, nothing is half sent, and an
/// Idempotency-Key can keep it.
/// </summary>
internal abstract class Answer(int status) : IResult
{
    public int Status { get; } = status;

    public string? Location { get; init; }

    public string? ETag { get; init; }

    /// <summary>`no-store` unless the view may be kept and asked about again.</summary>
    public string CacheControl { get; init; } = "no-store";

    /// <summary>The JSON text in UTF-8; empty for none.</summary>
    public abstract ReadOnlyMemory<byte> Body { get; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var settled = httpContext.Features.Get<Reservation>() is { } reservation ? await reservation.Settle(this) : this;
        await settled.Write(httpContext);
    }

    protected virtual async Task Write(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.CacheControl = CacheControl;
        if (Location is not null)
        {
            headers.Location = Location;
        }

        if (ETag is not null)
        {
            headers.ETag = ETag;
            if (Status == StatusCodes.Status200OK && httpContext.Request.IsAlreadyKnown(ETag))
            {
                httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = "1";
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        await httpContext.Response.WriteJson(Status, Body);
    }
}

/// <summary>The status of an answer, for the document; its body is the type argument unless <paramref name="body"/> names it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnswersAttribute(int status, Type? body = null) : Attribute
{
    public int Status { get; } = status;

    public Type? Body { get; } = body;
}

internal static class AnswerWriting
{
    /// <summary>Writes a whole JSON body; an empty one leaves the content type out.</summary>
    public static Task WriteJson(this HttpResponse response, int status, ReadOnlyMemory<byte> body)
    {
        response.StatusCode = status;
        if (body.IsEmpty)
        {
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    /// <summary>The error body, or a page for a person who has opened an address that is none of the API.</summary>
    public static Task WriteError(this HttpResponse response, HttpError code)
    {
        response.Headers.CacheControl = "no-store";
        if (code.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        return ErrorPage.IsWanted(response.HttpContext.Request)
            ? ErrorPage.Of(code).ExecuteAsync(response.HttpContext)
            : response.WriteJson(code.Status, ErrorBody.Of(code));
    }

    /// <summary>If-None-Match names this version (weak comparison, RFC 9110 section 13.1.2), or `*`.</summary>
    public static bool IsAlreadyKnown(this HttpRequest request, string etag)
    {
        if (StringValues.IsNullOrEmpty(request.Headers.IfNoneMatch)
            || !EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known))
        {
            return false;
        }

        var current = EntityTagHeaderValue.Parse(etag);
        return known.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(current, useStrongComparison: false));
    }
}

/// <summary>200 with a view.</summary>
[Answers(StatusCodes.Status200OK)]
internal sealed class Ok<T>(T value) : Answer(StatusCodes.Status200OK)
{
    private ReadOnlyMemory<byte>? body;

    public override ReadOnlyMemory<byte> Body => body ??= JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options);

    /// <summary>With a hash as its tag: for a view that may change without a version.</summary>
    /// <param name="value">What is answered.</param>
    /// <param name="content">What its tag stands for: the value without what is another in every answer.</param>
    public static Ok<T> TaggedByContent(T value, T content) => new(value)
    {
        ETag = ContentTag.Of(JsonSerializer.SerializeToUtf8Bytes(content, WireJson.Options)),
        CacheControl = "private, no-cache",
    };
}

/// <summary>200 with JSON that is made already and shows a <typeparamref name="T"/>.</summary>
[Answers(StatusCodes.Status200OK)]
internal sealed class OkBytes<T>(ReadOnlyMemory<byte> body) : Answer(StatusCodes.Status200OK)
{
    public override ReadOnlyMemory<byte> Body { get; } = body;
}

[Answers(StatusCodes.Status201Created)]
internal sealed class Created<T>(T value) : Answer(StatusCodes.Status201Created)
{
    private ReadOnlyMemory<byte>? body;

    public override ReadOnlyMemory<byte> Body => body ??= JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options);
}

[Answers(StatusCodes.Status202Accepted)]
internal sealed class Accepted<T>(T value) : Answer(StatusCodes.Status202Accepted)
{
    private ReadOnlyMemory<byte>? body;

    public override ReadOnlyMemory<byte> Body => body ??= JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options);
}

[Answers(StatusCodes.Status204NoContent)]
internal sealed class NoContent() : Answer(StatusCodes.Status204NoContent)
{
    public override ReadOnlyMemory<byte> Body => default;
}

/// <summary>An answer that was given before to the same Idempotency-Key.</summary>
internal sealed class Replayed(int status, ReadOnlyMemory<byte> body) : Answer(status)
{
    public override ReadOnlyMemory<byte> Body { get; } = body;

    protected override Task Write(HttpContext httpContext)
    {
        httpContext.Response.Headers["Idempotent-Replayed"] = "true";
        return base.Write(httpContext);
    }
}

internal sealed class NotFound() : Answer(StatusCodes.Status404NotFound)
{
    public override ReadOnlyMemory<byte> Body => ErrorBody.Of(HttpError.NotFound);
}

/// <summary>422: some fields are wrong.</summary>
internal sealed class Invalid(ImmutableArray<FieldProblem> problems) : Answer(StatusCodes.Status422UnprocessableEntity)
{
    public Invalid(string field, string code, string message) : this([new FieldProblem(field, code, message)])
    {
    }

    public override ReadOnlyMemory<byte> Body => ErrorBody.Of(problems);
}

/// <summary>Any other refusal of a caller: 4xx with its code.</summary>
internal sealed class Refused(HttpError code) : Answer(code.Status)
{
    public override ReadOnlyMemory<byte> Body => ErrorBody.Of(code);
}

/// <summary>503 with Retry-After: nothing is wrong with the request.</summary>
internal sealed class Unavailable(HttpError code) : Answer(code.Status)
{
    public override ReadOnlyMemory<byte> Body => ErrorBody.Of(code);
}
