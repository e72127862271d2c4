using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>The raw body of a write, read once, and the JSON object in it.</summary>
internal sealed class RequestBody
{
    public const int MaximumBytes = 256 * 1024;

    /// <summary>A body that is too large is read to its end up to here; the connection of a larger one is closed.</summary>
    private const int MostReadBytes = 1024 * 1024;

    private static readonly RequestBody None = new(default, default);

    private RequestBody(ReadOnlyMemory<byte> bytes, JsonElement root)
    {
        Bytes = bytes;
        Root = root;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>An object; undefined when there was no body.</summary>
    public JsonElement Root { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes.Span));

    /// <summary>An endpoint's parameter: what <see cref="RequestReading"/> has read.</summary>
    public static ValueTask<RequestBody> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<RequestBody>() ?? None);

    /// <summary>Reads the body, or says how it is refused.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, or the client broke off.</exception>
    public static async ValueTask<(RequestBody Body, Answer? Refusal)> Read(HttpRequest request, bool isRequired)
    {
        var bytes = await ReadBytes(request);
        if (bytes.Length == 0)
        {
            return isRequired && HasJsonType(request) ? (None, new Refused(HttpError.MalformedBody))
                : isRequired ? (None, new Refused(HttpError.UnsupportedMediaType))
                : (None, null);
        }

        if (!HasJsonType(request))
        {
            return (None, new Refused(HttpError.UnsupportedMediaType));
        }

        if (!Utf8.IsValid(bytes) || !TryParse(bytes, out var root))
        {
            return (None, new Refused(HttpError.MalformedBody));
        }

        var body = new RequestBody(bytes, root);
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (body, new Invalid("", FieldProblemCode.WrongType, "Send a JSON object."));
        }

        var duplicates = ImmutableArray.CreateBuilder<FieldProblem>();
        JsonStrictness.FindDuplicates(root, "", duplicates);
        return (body, duplicates.Count > 0 ? new Invalid(duplicates.ToImmutable()) : null);
    }

    private static bool TryParse(byte[] bytes, out JsonElement root)
    {
        root = default;
        try
        {
            // Undisposed on purpose: the views of the body live as long as the request, and a disposed document's pooled memory
            // could be another request's by then.
            root = JsonElement.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 });
            return JsonStrictness.HasOnlyWholeCharacters(bytes);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasJsonType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return false;
        }

        if (request.ContentType == "application/json")
        {
            return true;
        }

        return Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.Parameters.Count(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)) <= 1
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase))
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static async ValueTask<byte[]> ReadBytes(HttpRequest request)
    {
        // A gateway that is still sending when the answer comes may lose it, and tell its client of an outage instead. Whoever asks
        // before it sends hears the answer first.
        if (request.Headers.Expect.Count == 0
            && request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostReadBytes;
        }

        // Not by the body's pipe: what was looked at there and not consumed stands in the server's way when a client breaks off.
        // A promised length is not taken at its word.
        var kept = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 256, 16 * 1024));
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var total = 0;
        try
        {
            // Without a token for the same reason: the end of the connection ends the read by itself.
            while (await request.Body.ReadAsync(buffer, CancellationToken.None) is var count and > 0)
            {
                total += count;
                if (total <= MaximumBytes)
                {
                    kept.Write(buffer, 0, count);
                }
            }
        }
        catch (IOException broken) when (broken.InnerException is OverflowException)
        {
            // The server's only word for a chunk whose length is beyond counting.
            throw new BadHttpRequestException(broken.Message, StatusCodes.Status400BadRequest, broken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total <= MaximumBytes
            ? kept.ToArray()
            : throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }
}
