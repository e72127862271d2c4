using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenBitum.EndToEnd;

/// <summary>A window of a real browser, Debian's Chromium, in processes of its own; see browser/browser.mjs.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    // More than any command waits in there, so that whoever gives up says why.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly string Folder = Path.Combine(SourceFolder(), "browser");

    private readonly Process node;

    private Chromium(Process node) => this.node = node;

    /// <summary>Why there is no browser on this machine; null when there is one.</summary>
    public static string? Missing { get; } =
        !File.Exists(Executable) ? "Debian's package chromium is not installed"
        : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "The npm packages of tests/EndToEnd.Tests/browser are not installed; ./test does it"
        : null;

    /// <param name="origin">Whose pages are listened to for complaints of the browser.</param>
    public static async Task<Chromium> Start(Uri origin)
    {
        var node = Process.Start(new ProcessStartInfo("node", ["browser.mjs", Executable, origin.ToString()])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        var browser = new Chromium(node);
        await browser.Answer();
        return browser;
    }

    public Task Go(Uri address) => Do(new JsonObject { ["do"] = "go", ["address"] = address.AbsoluteUri });

    /// <summary>Waits until something that a person sees holds the text, and answers all that it holds.</summary>
    public async Task<string> See(string selector, string text = "") =>
        (string)(await Do(new JsonObject { ["do"] = "see", ["selector"] = selector, ["text"] = text }))!;

    public Task Click(string selector) => Do(new JsonObject { ["do"] = "click", ["selector"] = selector });

    public Task Fill(string selector, string text) => Do(new JsonObject { ["do"] = "fill", ["selector"] = selector, ["text"] = text });

    public Task Back() => Do(new JsonObject { ["do"] = "back" });

    public Task<JsonNode?> Evaluate(string script) => Do(new JsonObject { ["do"] = "evaluate", ["script"] = script });

    /// <summary>The cookies of the origin as the browser keeps them.</summary>
    public async Task<IReadOnlyList<JsonNode>> Cookies() =>
        [.. (await Do(new JsonObject { ["do"] = "cookies" }))!.AsArray().Select(cookie => cookie!)];

    /// <summary>What the browser has found wrong so far: errors of scripts, what a policy has kept out, calls that failed.</summary>
    public async Task<string[]> Complaints() =>
        [.. (await Do(new JsonObject { ["do"] = "complaints" }))!.AsArray().Select(complaint => (string)complaint!)];

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it, and the browser with it.
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
    }

    private async Task<JsonNode?> Do(JsonObject command)
    {
        await node.StandardInput.WriteLineAsync(command.ToJsonString());
        await node.StandardInput.FlushAsync();
        var answer = await Answer();
        Assert.True(answer["error"] is null, $"{command.ToJsonString()}: {(string?)answer["error"]}");
        return answer["value"];
    }

    private async Task<JsonNode> Answer()
    {
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return JsonNode.Parse(line ?? throw new InvalidOperationException("The browser ended by itself."))!;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
