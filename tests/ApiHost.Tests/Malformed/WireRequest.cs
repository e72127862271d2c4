using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OpenBitum.Tests.Malformed;

/// <summary>A request as its bytes go out; no client puts anything right.</summary>
internal sealed record WireRequest(string Method, string Target)
{
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; } = "application/json";

    public bool IsChunked { get; init; }

    public WireRequest With(string name, string value) => this with { Headers = Headers.Add((name, value)) };

    public WireRequest Without(string name) => this with { Headers = Headers.RemoveAll(header => header.Name == name) };

    public WireRequest WithBody(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };

    public byte[] Bytes()
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        if (!Headers.Any(header => header.Name == "Host"))
        {
            head.Append("Host: localhost\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (Body is null)
        {
            return Latin($"{head}Connection: close\r\n\r\n");
        }

        if (ContentType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        }

        return IsChunked
            ? [.. Latin($"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n"), .. Body, .. "\r\n0\r\n\r\n"u8]
            : [.. Latin($"{head}Connection: close\r\nContent-Length: {Body.Length}\r\n\r\n"), .. Body];
    }

    public override string ToString() =>
        $"{Method} {Cut(Target)} [{string.Join("; ", Headers.Select(Shown))}; {ContentType}] "
        + (Body is null ? "" : Cut(Encoding.Latin1.GetString(Body)));

    private static string Shown((string Name, string Value) header) =>
        header.Name == "Authorization" ? header.Name : Cut($"{header.Name}: {header.Value}");

    /// <summary>Characters up to U+00FF are bytes.</summary>
    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static string Cut(string text) => text.Length > 200 ? $"{text[..200]}… ({text.Length})" : text;
}

/// <summary>
/// Something wrong with a request, and every answer that is right: `422 invalid`, or a status alone where the server itself refuses.
/// </summary>
internal sealed record Fault(string Kind, WireRequest Request, params ImmutableArray<string> Answers);
