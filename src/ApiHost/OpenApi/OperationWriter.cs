using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Json;
using OpenBitum.ReadModel;

namespace OpenBitum.OpenApi;

/// <summary>One route and method as the document shows it.</summary>
internal sealed class OperationWriter(ComponentSchemas schemas, Refusals refusals)
{
    private static readonly ImmutableDictionary<string, Parameter> Paged = new Parameter[]
    {
        new(Paging.Limit, Schema.Whole(1, Paging.MostRows).Usually(Paging.UsualRows), "How many rows at most."),
        new(Paging.Cursor, Schema.Text(2_000), "`nextCursor` of the page before, unchanged."),
    }.ToImmutableDictionary(parameter => parameter.Name);

    /// <exception cref="InvalidOperationException">The description and the route contradict each other.</exception>
    public JsonObject Write(RouteEndpoint route, string method, Operation operation)
    {
        var isWrite = !HttpMethods.IsGet(method);
        var takes = route.Metadata.GetMetadata<Takes>();
        var answers = DeclaredAnswers.Of(route.Metadata.GetRequiredMetadata<MethodInfo>());
        Check(operation, takes, answers);

        var written = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag.Name),
            ["summary"] = operation.Summary,
        };
        if (operation.About is not null)
        {
            written["description"] = operation.About;
        }

        written["security"] = Security.Of(route, isWrite);
        if (Parameters(route.RoutePattern, takes, operation, isWrite) is { Count: > 0 } parameters)
        {
            written["parameters"] = parameters;
        }

        if (isWrite && operation.Body is { } body && takes is not null)
        {
            written["requestBody"] = RequestBody(body, operation, takes.NeedsBody);
        }

        written["responses"] = Responses(operation, answers, isWrite, Codes(route, operation, takes, answers, isWrite));
        return written;
    }

    private static void Check(Operation operation, Takes? takes, DeclaredAnswers answers)
    {
        var problems = new List<string>();
        var needsOwnCodes = operation.Refusals.Where(code => code.Status != StatusCodes.Status503ServiceUnavailable).ToArray();
        if (answers.Refused != needsOwnCodes.Length > 0)
        {
            problems.Add("its handler answers Refused exactly when Refusals names codes of 4xx");
        }

        // Unavailable alone needs no code: every route may answer that.
        if (operation.Refusals.Length > needsOwnCodes.Length && !answers.Unavailable)
        {
            problems.Add("Refusals names codes of 503 and its handler never answers Unavailable");
        }

        if (takes?.NeedsBody == true && operation.Body is null)
        {
            problems.Add("it needs a body, so give Body");
        }

        if (operation.Body is not null != operation.BodyExample is not null)
        {
            problems.Add("give Body and BodyExample together");
        }

        if (answers.Bodies.Any(body => body.View is not null) && operation.Example is null)
        {
            problems.Add("give an Example of what is answered");
        }

        if (problems.Count > 0)
        {
            throw new InvalidOperationException($"The description of {operation.Id}: {string.Join("; ", problems)}.");
        }
    }

    /// <summary>Everything that may be said no with: by middleware, in the order a request meets it, and by the handler.</summary>
    private static IEnumerable<HttpError> Codes(
        RouteEndpoint route, Operation operation, Takes? takes, DeclaredAnswers answers, bool isWrite)
    {
        // In edge mode whoever does not come through the gateway; monitors do not.
        if (!route.RoutePattern.RawText!.StartsWith("/healthz", StringComparison.Ordinal))
        {
            yield return HttpError.Forbidden;
        }

        // A key in the query is refused on every route.
        yield return HttpError.Invalid;
        var isGuarded = route.Metadata.GetRequiredMetadata<AccessPolicy>().Level != AccessLevel.Open;
        if (isGuarded || route.LimitOf() is not null)
        {
            // By key, where one is sent, and by client address.
            yield return HttpError.RateLimited;
        }

        if (isGuarded)
        {
            yield return HttpError.TwoCredentials;
            yield return HttpError.Unauthorized;
        }

        if (takes is not null && isWrite)
        {
            yield return HttpError.Malformed;
            yield return HttpError.PayloadTooLarge;
            yield return HttpError.UnsupportedMediaType;
            yield return HttpError.IdempotencyMismatch;
            yield return HttpError.IdempotencyInProgress;
            yield return HttpError.IdempotencyAnswerLost;
        }

        if (answers.NotFound || operation.IsOptional)
        {
            yield return HttpError.NotFound;
        }

        foreach (var code in operation.Refusals)
        {
            yield return code;
        }

        yield return HttpError.Internal;
        if (!answers.Bodies.Any(body => body.Status == StatusCodes.Status503ServiceUnavailable))
        {
            yield return HttpError.Unavailable;
        }
    }

    private JsonArray Parameters(RoutePattern pattern, Takes? takes, Operation operation, bool isWrite)
    {
        var parameters = new JsonArray();
        foreach (var part in pattern.Parameters)
        {
            parameters.Add((JsonNode)Written(Find(part.Name, operation), "path", isRequired: true));
        }

        foreach (var name in takes?.Query ?? [])
        {
            var parameter = Paged.GetValueOrDefault(name) ?? Find(name, operation);
            parameters.Add((JsonNode)Written(parameter, "query", parameter.IsRequired));
        }

        if (takes is null)
        {
            // A page overlooks what it does not know; these it looks at.
            foreach (var parameter in operation.Parameters.Where(known => pattern.GetParameter(known.Name) is null))
            {
                parameters.Add((JsonNode)Written(parameter, "query", parameter.IsRequired));
            }
        }

        if (isWrite && takes is not null)
        {
            parameters.Add((JsonNode)DocumentHeaders.Parameter("IdempotencyKey"));
        }

        if (operation.TakesIfMatch)
        {
            parameters.Add((JsonNode)DocumentHeaders.Parameter("IfMatch"));
        }

        if (!isWrite && operation.Sends.HasFlag(AnswerHeader.ETag))
        {
            parameters.Add((JsonNode)DocumentHeaders.Parameter("IfNoneMatch"));
        }

        return parameters;
    }

    private static Parameter Find(string name, Operation operation) =>
        operation.Parameters.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new InvalidOperationException($"The description of {operation.Id} says nothing of the parameter '{name}'.");

    private JsonObject Written(Parameter parameter, string place, bool isRequired) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = place,
        ["description"] = parameter.About,
        ["required"] = isRequired,
        ["schema"] = parameter.Schema.Write(schemas),
    };

    private JsonObject RequestBody(Schema body, Operation operation, bool isRequired) => new()
    {
        ["required"] = isRequired,
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = body.Write(schemas),
                ["example"] = JsonNode.Parse(operation.BodyExample!),
            },
        },
    };

    private JsonObject Responses(Operation operation, DeclaredAnswers answers, bool isWrite, IEnumerable<HttpError> codes)
    {
        var responses = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (status, view) in answers.Bodies)
        {
            var response = new JsonObject
            {
                ["description"] = operation.Summary + ".",
                ["headers"] = DocumentHeaders.OfAnswer(operation.Sends, isWrite && status < 300),
            };
            if (view is not null)
            {
                response["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = schemas.Of(view), ["example"] = Example(view, operation.Example!) },
                };
            }

            responses[Text(status)] = response;
        }

        if (!isWrite && operation.Sends.HasFlag(AnswerHeader.ETag))
        {
            responses["304"] = new JsonObject
            {
                ["description"] = "What If-None-Match names still stands.",
                ["headers"] = DocumentHeaders.OfAnswer(AnswerHeader.ETag, mayBeReplayed: false),
            };
        }

        foreach (var also in operation.Also)
        {
            Add(responses, also);
        }

        foreach (var (status, response) in refusals.Of(codes, isPage: operation.Tag == Tag.Pages))
        {
            responses.TryAdd(status, response);
        }

        return new JsonObject(responses);
    }

    private void Add(SortedDictionary<string, JsonNode?> responses, OtherAnswer also)
    {
        // One status may be answered in several content types: a list as JSON and as CSV.
        if (!responses.TryGetValue(Text(also.Status), out var response))
        {
            responses[Text(also.Status)] = response = new JsonObject
            {
                ["description"] = also.About,
                ["headers"] = new JsonObject(),
            };
        }

        foreach (var (name, header) in DocumentHeaders.OfAnswer(also.Sends, mayBeReplayed: false))
        {
            response!["headers"]![name] = header!.DeepClone();
        }

        if (also.ContentType is null)
        {
            return;
        }

        var content = (JsonObject)(response!["content"] ??= new JsonObject());
        var body = new JsonObject { ["schema"] = also.Schema?.Write(schemas) ?? new JsonObject { ["type"] = "string" } };
        if (also.Example is not null)
        {
            body["example"] = also.ContentType == "application/json" ? JsonNode.Parse(also.Example) : also.Example;
        }

        content[also.ContentType] = body;
    }

    private static JsonNode Example(Type view, object example)
    {
        var written = JsonSerializer.SerializeToNode(example, example.GetType(), WireJson.Options)!;
        return view.IsGenericType && view.GetGenericTypeDefinition() == typeof(Page<>) && !view.IsInstanceOfType(example)
            ? new JsonObject { ["data"] = new JsonArray(written), ["nextCursor"] = null }
            : written;
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
