using System.Collections.Immutable;
using OpenBitum.Http;

namespace OpenBitum.OpenApi;

/// <summary>
/// What the document says of a route beyond what its handler's return type, `Takes` and access policy say already. It stands in
/// `<Feature>Descriptions` beside the endpoints and is attached with `.Describe(Descriptions.X)`.
/// </summary>
/// <param name="Id">The name of the call in an SDK, unique: `createProduct`.</param>
/// <param name="Tag">The chapter it stands in.</param>
/// <param name="Summary">One line: `Creates a product`.</param>
internal sealed record Operation(string Id, Tag Tag, string Summary)
{
    /// <summary>What a caller should know besides; CommonMark.</summary>
    public string? About { get; init; }

    /// <summary>The parameters in the path, and those in the query other than `limit` and `cursor`.</summary>
    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    /// <summary>The body of a write; null: a body may be left out and holds nothing.</summary>
    public Schema? Body { get; init; }

    /// <summary>A body that would be accepted, as JSON.</summary>
    public string? BodyExample { get; init; }

    /// <summary>What is answered then: the view, or for a page one of its items.</summary>
    public object? Example { get; init; }

    /// <summary>Which codes `Refused` and `Unavailable` in the handler's return type stand for.</summary>
    public ImmutableArray<HttpError> Refusals { get; init; } = [];

    /// <summary>Headers of the successful answer: see <see cref="AnswerHeader"/>.</summary>
    public AnswerHeader Sends { get; init; }

    /// <summary>The write looks at If-Match.</summary>
    public bool TakesIfMatch { get; init; }

    /// <summary>Only hosts that are set up for it have the route; the others answer 404.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Answers that no type of the handler tells of: streams, pages, redirects.</summary>
    public ImmutableArray<OtherAnswer> Also { get; init; } = [];
}

/// <summary>A parameter in the path or the query; in the path it is always required.</summary>
internal sealed record Parameter(string Name, Schema Schema, string About, bool IsRequired = false);

/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Without a charset; null: no body.</param>
/// <param name="About">When it is given.</param>
/// <param name="Schema">Of the body; null: any text.</param>
/// <param name="Example">The body's text.</param>
internal sealed record OtherAnswer(int Status, string? ContentType, string About, Schema? Schema = null, string? Example = null)
{
    public AnswerHeader Sends { get; init; }
}

/// <summary>Headers that only some answers have.</summary>
[Flags]
internal enum AnswerHeader
{
    None = 0,
    ETag = 1,
    Location = 2,
    SetCookie = 4,
    ContentDisposition = 8,
    AccelBuffering = 16,
}

internal static class OperationRoutes
{
    /// <summary>Describes the route in the OpenAPI document; evaluated when somebody asks for it.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, Func<Operation> operation) => route.WithMetadata(operation);
}
