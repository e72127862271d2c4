using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Afterwards;

/// <summary>Nothing that the hosts of the other suites have written by themselves, or answered unasked, holds a secret.</summary>
public sealed partial class SecretsTests
{
    private const string HowToRecord = "Record it first: ./test ApiHost EndToEnd Afterwards";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>Each kind that the suites use: without one of them the search would prove less than it says.</summary>
    private static readonly string[] Kinds =
    [
        "token", "subscription key", "edge secret", "CSRF token", "cookie", "setting", "issuer's private key", "file", "sign-in code",
        "webhook secret", "private key",
    ];

    [Fact]
    public void Secrets_of_every_kind_were_used()
    {
        var planted = Planted().CountBy(secret => secret.Kind).ToDictionary();

        Assert.Empty(Kinds.Except(planted.Keys));
    }

    [Theory]
    [InlineData("ApiHost", 10_000)]
    [InlineData("EndToEnd", 10)]
    public void No_host_has_logged_a_secret(string suite, int fewestLines)
    {
        var search = new Search(Planted());
        var file = Path.Combine(HostLog.Folder, $"{suite}.log");
        Assert.True(File.Exists(file), $"{file} is missing. {HowToRecord}");

        var lines = 0;
        var found = new List<string>();
        foreach (var line in File.ReadLines(file))
        {
            lines++;
            if (!SignInLine().IsMatch(line) && search.FindsIn(line) is { } secret)
            {
                found.Add($"{file}:{lines} holds a {secret}: {line[..Math.Min(line.Length, 400)]}");
            }
        }

        Assert.True(lines > fewestLines, $"{file} has {lines} lines only; the hosts write more than {fewestLines}.");
        Assert.True(found.Count == 0, $"{found.Count} lines:\n{string.Join('\n', found.Take(20))}");
    }

    [Fact]
    public void No_answer_holds_a_secret_but_those_that_are_there_to_show_it()
    {
        var search = new Search(Planted());
        var (answers, refusals, deliveries) = (0, 0, 0);
        var found = new List<string>();
        foreach (var exchange in Exchanges().Where(exchange => !IsMeantToShow(exchange)))
        {
            answers++;
            refusals += exchange.Status >= 400 ? 1 : 0;
            deliveries += exchange.Target.Contains("/deliveries", StringComparison.Ordinal) && exchange.Status == 200 ? 1 : 0;
            var text = string.Join('\n', exchange.Headers.Values.Prepend(exchange.Body));
            if (search.FindsIn(text) is { } secret)
            {
                found.Add($"{exchange.Method} {exchange.Target} ({exchange.Status}) shows a {secret}: {text[..Math.Min(text.Length, 400)]}");
            }
        }

        Assert.True(answers > 1000 && refusals > 200 && deliveries > 3, $"Only {answers} answers, {refusals} refusals, {deliveries} delivery logs. {HowToRecord}");
        Assert.True(found.Count == 0, $"{found.Count} answers:\n{string.Join('\n', found.Take(20))}");
    }

    public static TheoryData<string> Canaries =>
    [
        "Debug Some.Category Authorization: Bearer planted-secret-0123456789 was sent",
        "https://shop.example/sign-in#planted-secret-0123456789",
        "Sign in once within 15 minutes: http://127.0.0.1:4000/sign-in#planted-secret-0123456789 and more",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl",
        "the key obk_0123456789ABCDEF", "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"", "Server=db;Password=correct-horse",
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ];

    [Theory]
    [MemberData(nameof(Canaries))]
    public void The_search_finds_what_was_planted_and_what_looks_like_a_secret(string line)
    {
        Assert.DoesNotMatch(SignInLine(), line);
        Assert.NotNull(new Search([new("canary", "planted-secret-0123456789")]).FindsIn(line));
    }

    [Fact]
    public void The_search_passes_what_is_no_secret()
    {
        var search = new Search([new("canary", "planted-secret-0123456789")]);

        Assert.Null(search.FindsIn("Warning OpenBitum.Http POST /api/products was answered with 503 (request 0HNQ871QSDFNO:00000001)"));
        Assert.Null(search.FindsIn("""{"field":"xpub","code":"private_key","message":"This is an xprv; send the xpub."}"""));
        Assert.Matches(SignInLine(), "Sign in once within 15 minutes: http://127.0.0.1:4000/sign-in#0123456789abcdef0123456789abcdef01234567");
    }

    private static List<PlantedSecret> Planted()
    {
        var files = Directory.Exists(PlantedSecrets.Folder) ? Directory.GetFiles(PlantedSecrets.Folder, "*.jsonl") : [];
        Assert.True(files.Length > 0, $"No suite has noted its secrets in {PlantedSecrets.Folder}. {HowToRecord}");
        return [.. files.SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<PlantedSecret>(line, Form)!)];
    }

    /// <summary>Of the suites before this one, whose own file is open and empty.</summary>
    private static IEnumerable<Exchange> Exchanges() =>
        (Directory.Exists(ExchangeLog.Folder) ? Directory.GetFiles(ExchangeLog.Folder, "*.jsonl") : [])
        .Where(file => Path.GetFileNameWithoutExtension(file) != ExchangeLog.SuiteName())
        .SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<Exchange>(line, Form)!);

    /// <summary>Made and shown once; a session's own cookie and CSRF token; the document, whose examples look like secrets.</summary>
    private static bool IsMeantToShow(Exchange exchange) =>
        (exchange.Status == 201 && MakesSecret().IsMatch(exchange.Target))
        || (exchange.Status < 400 && exchange.Target.Contains("/api/auth/", StringComparison.Ordinal))
        || exchange.Target.StartsWith("/openapi/", StringComparison.Ordinal);

    [GeneratedRegex(@"^(/portalpay)?/api/merchant/(keys|webhooks)$")]
    private static partial Regex MakesSecret();

    /// <summary>Printed once at a start for the person who sits there.</summary>
    [GeneratedRegex(@"\ASign in once within 15 minutes: https?://[^/\s]+/sign-in#[0-9a-f]{40}\z")]
    private static partial Regex SignInLine();

    /// <summary>Looks for every planted secret at once, and for what has the form of one.</summary>
    private sealed partial class Search(IReadOnlyCollection<PlantedSecret> planted)
    {
        private readonly SearchValues<string> values = SearchValues.Create([.. planted.Select(secret => secret.Value)], StringComparison.Ordinal);

        /// <summary>The kind of what is found; null for nothing.</summary>
        public string? FindsIn(string text)
        {
            if (text.AsSpan().IndexOfAny(values) is >= 0 and var index)
            {
                return planted.First(secret => string.CompareOrdinal(text, index, secret.Value, 0, secret.Value.Length) == 0).Kind;
            }

            return Shape().Match(text) is { Success: true } shape ? $"text like a secret ({shape.Value[..8]}…)" : null;
        }

        [GeneratedRegex(
            @"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|obk_[A-Za-z0-9_-]{8,}|whsec_[A-Za-z0-9+/=]{8,}"
            + @"|[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{40,}|(?i:password)=[^\s;*""&]{4,}")]
        private static partial Regex Shape();
    }
}
