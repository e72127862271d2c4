using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Afterwards;

/// <summary>openapi.json before a linter, and before everything that the other suites have heard from the host.</summary>
public sealed class ContractTests
{
    private const string HowToRecord = "Record it first: ./test ApiHost EndToEnd Afterwards";

    private static readonly string Folder = Path.Combine(SourceFolder(), "contract");
    private static readonly string Document = Path.Combine(Repository.Root, "openapi.json");

    /// <summary>Documented successes that no suite hears, each with its reason.</summary>
    private static readonly Dictionary<string, string> Unheard = [];

    [Fact]
    public async Task The_document_is_without_a_fault()
    {
        var (code, printed) = await Node(
            "node_modules/@redocly/cli/bin/cli.js", "lint", Document, "--config", "redocly.yaml", "--format", "json");

        var totals = JsonNode.Parse(printed[printed.IndexOf('{', StringComparison.Ordinal)..])!["totals"]!;
        Assert.True(
            code == 0 && (int)totals["errors"]! == 0 && (int)totals["warnings"]! == 0 && (int)totals["ignored"]! == 0,
            $"redocly lint says:\n{printed}");
    }

    [Fact]
    public async Task Every_answer_is_as_the_document_says()
    {
        var report = await Report();

        var failures = report["failures"]!.AsArray().Select(failure => (string)failure!).ToArray();
        Assert.True(failures.Length == 0, $"{failures.Length} of {report["exchanges"]} exchanges:\n{string.Join("\n", failures)}");
    }

    [Fact]
    public async Task Every_call_has_succeeded_at_least_once()
    {
        var seen = (await Report())["seen"]!.AsObject();

        var unheard = Successes().Where(success => seen[success.Call]?[success.Status] is null)
            .Select(success => $"{success.Call} {success.Status}").ToArray();
        Assert.Equal(Unheard.Keys.Order(), unheard.Order());
    }

    private static IEnumerable<(string Call, string Status)> Successes() =>
        from path in JsonNode.Parse(File.ReadAllText(Document))!["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        from response in method.Value!["responses"]!.AsObject()
        where response.Key.StartsWith('2')
        select ((string)method.Value["operationId"]!, response.Key);

    private static async Task<JsonNode> Report()
    {
        var recorded = Directory.Exists(ExchangeLog.Folder) ? Directory.GetFiles(ExchangeLog.Folder, "*.jsonl") : [];
        Assert.True(recorded.Sum(file => new FileInfo(file).Length) > 0, $"Nothing is recorded in {ExchangeLog.Folder}. {HowToRecord}");
        var (code, printed) = await Node(["validate.mjs", Document, .. recorded]);
        Assert.True(code == 0, printed);
        return JsonNode.Parse(printed)!;
    }

    private static async Task<(int Code, string Printed)> Node(params string[] arguments)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "The npm packages of tests/Afterwards.Tests/contract are not installed; ./test does it where npm is at hand.");
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var printed = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, printed.Length > 0 ? printed : await errors);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
