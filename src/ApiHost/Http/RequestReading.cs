using System.Collections.Immutable;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>What an endpoint of the JSON API takes; metadata of its route.</summary>
/// <param name="Query">The query parameters it knows.</param>
/// <param name="NeedsBody">A write whose body must hold a JSON object; others may leave it out.</param>
internal sealed record Takes(ImmutableArray<string> Query, bool NeedsBody);

/// <summary>
/// Looks at a request before its endpoint does: nothing unknown in the query, and for a write the body read and parsed once.
/// </summary>
internal sealed class RequestReading(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Takes>() is not { } takes)
        {
            return next(context);
        }

        var request = context.Request;
        if (request.QueryString.HasValue && Unknown(request.Query, takes.Query) is { } unknown)
        {
            return unknown.ExecuteAsync(context);
        }

        return request.IsWrite() ? ReadBody(context, takes) : next(context);
    }

    private async Task ReadBody(HttpContext context, Takes takes)
    {
        var (body, refusal) = await RequestBody.Read(context.Request, takes.NeedsBody);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        context.Features.Set(body);
        await next(context);
    }

    private static Invalid? Unknown(IQueryCollection query, ImmutableArray<string> known)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        foreach (var (name, values) in query.Take(50))
        {
            if (!known.Contains(name))
            {
                problems.Add(new FieldProblem(name, FieldProblemCode.UnknownField, "There is no such query parameter."));
            }
            else if (values.Count > 1)
            {
                problems.Add(new FieldProblem(name, FieldProblemCode.DuplicateKey, "Write each query parameter once."));
            }
        }

        return problems.Count > 0 ? new Invalid(problems.ToImmutable()) : null;
    }
}
