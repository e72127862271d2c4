using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Webhooks;

/// <summary>Real deliveries before the libraries that receivers use.</summary>
public sealed class VerifierTests
{
    private static readonly string Folder = Path.Combine(SourceFolder(), "verifiers");

    [Theory]
    [InlineData("default")]
    [InlineData("tenant")]
    public async Task Off_the_shelf_libraries_verify_a_real_delivery_and_refuse_a_changed_one(string merchant)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "The npm packages of Webhooks/verifiers are not installed; ./test does it.");
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        // The libraries refuse what is older than five minutes by the machine's clock.
        await using var fixture = await WebhookFixture.StartAt(TimeProvider.System.GetUtcNow());
        var webhook = await fixture.Subscribe(new MerchantId(merchant), sink);
        await fixture.Publish(fixture.Event("ord_1", 1) with { Merchant = new MerchantId(merchant) });
        var request = await sink.Next();

        var valid = """{"standardwebhooks":"valid","svix":"valid"}""";
        var body = Encoding.UTF8.GetString(request.Body.Span);
        Assert.Equal(valid, await Verify(webhook.Secret!, request, body));
        Assert.NotEqual(valid, await Verify(webhook.Secret!, request, body.Replace("café", "cafe", StringComparison.Ordinal)));
        Assert.NotEqual(valid, await Verify(WebhookSecret.Show(WebhookSecret.NewKey()), request, body));
    }

    private static async Task<string> Verify(string secret, SinkRequest request, string body)
    {
        var start = new ProcessStartInfo("node", ["verify.mjs"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { secret, headers = request.Headers, body }));
        node.StandardInput.Close();
        var answer = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return answer.TrimEnd();
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
