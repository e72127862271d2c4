using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenBitum.Tests.Hosting;

/// <summary>One request and what was answered.</summary>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="Headers">Of the answer.</param>
/// <param name="IsCut">Not all of the answer is here: the caller left, or it was longer than is kept.</param>
public sealed record Exchange(
    string Method,
    string Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RequestType,
    string RequestBody,
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    bool IsCut);

/// <summary>
/// Keeps what a suite has heard from the host in `artifacts/exchanges/SUITE.jsonl`, where tests/Afterwards.Tests holds it against
/// openapi.json. A new run of the suite begins the file anew. Credentials of requests are not kept.
/// </summary>
public sealed class ExchangeLog : IDisposable
{
    /// <summary>More of a body says nothing new.</summary>
    public const int MostBytes = 512 * 1024;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Lazy<ExchangeLog> OfThisSuite = new(Begin);

    private readonly Lock writing = new();
    private readonly StreamWriter writer;

    private ExchangeLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        writer = new StreamWriter(File.Create(path)) { AutoFlush = true };
    }

    public static string Folder { get; } = Path.Combine(Repository.Artifacts, "exchanges");

    /// <summary>The log of the suite that runs, named as ./test names it.</summary>
    public static ExchangeLog Current => OfThisSuite.Value;

    public void Add(Exchange exchange)
    {
        var line = JsonSerializer.Serialize(exchange, Form);
        lock (writing)
        {
            writer.WriteLine(line);
        }
    }

    /// <summary>Text as far as it is kept; bytes that are no UTF-8 show as U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostBytes)]);

    public void Dispose() => writer.Dispose();

    private static ExchangeLog Begin() => new(Path.Combine(Folder, $"{SuiteName()}.jsonl"));

    /// <summary>`ApiHost` for the executable OpenBitum.ApiHost.Tests.</summary>
    public static string SuiteName() => AppDomain.CurrentDomain.FriendlyName.Replace("OpenBitum.", "").Replace(".Tests", "");
}
