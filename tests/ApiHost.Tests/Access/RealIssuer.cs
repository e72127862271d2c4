using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>A real OIDC issuer: npm's oidc-provider in a process of its own; see issuer/issuer.mjs.</summary>
internal sealed class RealIssuer : IAsyncDisposable
{
    private const string Secret = "a secret of the machine";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string Folder = Path.Combine(SourceFolder(), "issuer");

    private readonly Process node;
    private readonly HttpClient http = new();

    private RealIssuer(Process node, JsonNode greeting)
    {
        this.node = node;
        Address = (string)greeting["address"]!;
        Audience = (string)greeting["audience"]!;
    }

    public string Address { get; }

    public string Audience { get; }

    /// <summary>Settings of a host that trusts it.</summary>
    public Dictionary<string, string> Settings => new() { ["Auth:Issuer"] = Address, ["Auth:Audience"] = Audience };

    /// <summary>Skips the test where it cannot run.</summary>
    /// <param name="method">How it takes a client's secret.</param>
    public static async Task<RealIssuer> Start(string method = "client_secret_basic")
    {
        var hasNode = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));
        Assert.SkipUnless(
            hasNode && Directory.Exists(Path.Combine(Folder, "node_modules")),
            "node or the npm packages of Access/issuer are not installed; ./test does it.");

        var node = Process.Start(new ProcessStartInfo(
            "node", ["issuer.mjs", method, FreePort.Next().ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        node.ErrorDataReceived += (_, _) => { };
        node.BeginErrorReadLine();
        return new RealIssuer(node, await Answer(node));
    }

    /// <summary>The issuer signs with new keys from now on and has withdrawn the former ones.</summary>
    public Task Rotate() => Command(new JsonObject { ["do"] = "rotate" });

    public Task GoDown() => Command(new JsonObject { ["do"] = "stop" });

    public Task ComeBack() => Command(new JsonObject { ["do"] = "start" });

    /// <summary>How often its keys were asked for.</summary>
    public async Task<int> KeyFetches() => (int)(await Command(new JsonObject { ["do"] = "fetches" }))["keys"]!;

    /// <summary>What everybody can read of its keys.</summary>
    public async Task<JsonArray> Keys() => (await Command(new JsonObject { ["do"] = "keys" }))["keys"]!.AsArray();

    /// <summary>Makes a host known that signs people in here; a secret makes it a confidential client.</summary>
    public Task Register(string clientId, string redirectAddress, string? secret = null, string method = "client_secret_basic")
    {
        var client = new JsonObject
        {
            ["client_id"] = clientId,
            ["redirect_uris"] = new JsonArray(redirectAddress),
            ["grant_types"] = new JsonArray("authorization_code"),
            ["response_types"] = new JsonArray("code"),
            ["id_token_signed_response_alg"] = "ES384",
            ["token_endpoint_auth_method"] = secret is null ? "none" : method,
        };
        if (secret is not null)
        {
            client["client_secret"] = secret;
        }

        return Command(new JsonObject { ["do"] = "register", ["client"] = client });
    }

    /// <summary>An access token by client credentials.</summary>
    /// <param name="scope">What is asked for; the issuer knows `admin` and `operator`.</param>
    /// <param name="roles">The claim, as JSON; null for none.</param>
    /// <param name="organisation">The claim, as JSON; null for none.</param>
    /// <param name="algorithm">What it is signed with.</param>
    /// <param name="audience">The resource; by default the API's.</param>
    public async Task<string> Token(
        string scope = "admin", string? roles = null, string? organisation = null, string algorithm = "ES384", string? audience = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = scope, ["resource"] = audience ?? Audience,
        };
        if (roles is not null)
        {
            form["roles"] = roles;
        }

        if (organisation is not null)
        {
            form["organization_id"] = organisation;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"machine-{algorithm}:{Uri.EscapeDataString(Secret)}")));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return (string?)answer["access_token"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it.
        node.StandardInput.Close();
        await node.WaitForExitAsync(CancellationToken.None);
        node.Dispose();
        http.Dispose();
    }

    private async Task<JsonNode> Command(JsonObject command)
    {
        await node.StandardInput.WriteLineAsync(command.ToJsonString());
        await node.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await Answer(node);
    }

    private static async Task<JsonNode> Answer(Process node)
    {
        var line = await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        return JsonNode.Parse(line ?? throw new InvalidOperationException("The issuer ended by itself."))!;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
