using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace OpenBitum.Tests.Hosting;

/// <summary>A value that nobody but its owner may read.</summary>
/// <param name="Kind">What it is, in a word or two.</param>
public sealed record PlantedSecret(string Kind, string Value);

/// <summary>
/// Every secret that a suite has used, in `artifacts/secrets/SUITE.jsonl`: tests/Afterwards.Tests looks for them in all that the hosts
/// have written. They are worth nothing: their hosts are gone.
/// </summary>
public sealed partial class PlantedSecrets
{
    /// <summary>Shorter values are words, and one letter over and over is a test of bounds: both stand in many places by chance.</summary>
    private const int ShortestSecret = 16;
    private const int FewestCharacters = 8;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Headers that carry nothing else.</summary>
    private static readonly Dictionary<string, string> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Authorization"] = "token",
        ["Ocp-Apim-Subscription-Key"] = "subscription key",
        ["x-edge-secret"] = "edge secret",
        ["X-CSRF-Token"] = "CSRF token",
        ["Cookie"] = "cookie",
        ["Set-Cookie"] = "cookie",
    };

    public static string Folder { get; } = Path.Combine(Repository.Artifacts, "secrets");

    private static readonly Lazy<PlantedSecrets> OfSuite = new(() => new(Path.Combine(Folder, $"{ExchangeLog.SuiteName()}.jsonl")));

    private readonly Lock writing = new();
    private readonly HashSet<string> known = [];
    private readonly StreamWriter writer;

    private PlantedSecrets(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        writer = new StreamWriter(File.Create(path)) { AutoFlush = true };
    }

    public static PlantedSecrets Current => OfSuite.Value;

    public void Add(string kind, string value)
    {
        if (value.Length < ShortestSecret || value.Distinct().Count() < FewestCharacters)
        {
            return;
        }

        lock (writing)
        {
            if (known.Add(value))
            {
                writer.WriteLine(JsonSerializer.Serialize(new PlantedSecret(kind, value), Form));
            }
        }
    }

    /// <summary>A setting, when its name says that it holds a secret.</summary>
    public void AddSetting(string key, string value)
    {
        if (key.EndsWith("Secret", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Password", StringComparison.OrdinalIgnoreCase))
        {
            Add(key == "EdgeSecret" ? "edge secret" : "setting", value);
        }
    }

    /// <summary>What a host keeps for itself beside its data.</summary>
    public void AddFiles(string dataDirectory)
    {
        foreach (var file in Directory.EnumerateFiles(dataDirectory).Where(file => new FileInfo(file).Length is > 0 and < 4096))
        {
            var text = Encoding.UTF8.GetString(File.ReadAllBytes(file)).Trim();
            if (file.EndsWith(".jwk", StringComparison.Ordinal))
            {
                Add("issuer's private key", JsonDocument.Parse(text).RootElement.GetProperty("d").GetString()!);
            }
            else if (!text.Any(char.IsControl) && Path.GetFileName(file) != "lock")
            {
                Add("file", text);
            }
        }
    }

    /// <summary>Credentials of a request or an answer.</summary>
    public void AddHeader(string name, string value)
    {
        if (Headers.TryGetValue(name, out var kind))
        {
            foreach (Match secret in HeaderValue().Matches(value))
            {
                Add(kind, secret.Value);
            }
        }
    }

    public void AddHeaders(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            AddHeader(name, values.ToString());
        }
    }

    /// <summary>What bodies give away on purpose: a code that is redeemed, a secret or key that is shown once, a session's CSRF token.</summary>
    public void AddBody(string body)
    {
        foreach (Match secret in BodyValue().Matches(body))
        {
            Add(secret.Groups["name"].Value switch
            {
                "code" => "sign-in code",
                "csrfToken" => "CSRF token",
                "key" => "subscription key",
                _ => "webhook secret",
            }, secret.Groups["value"].Value);
        }
    }

    /// <summary>The link that a start prints holds a code on purpose.</summary>
    public void AddSignInLink(string line)
    {
        if (line.Split("/sign-in#") is [_, var code])
        {
            Add("sign-in code", code.Trim());
        }
    }

    [GeneratedRegex("[A-Za-z0-9_.+/=~-]{16,}")]
    private static partial Regex HeaderValue();

    [GeneratedRegex("\"(?<name>code|csrfToken|key|secret)\":\"(?<value>[0-9a-f]{40}|obk_[^\"]+|whsec_[^\"]+|[A-Za-z0-9_-]{43})\"")]
    private static partial Regex BodyValue();
}
