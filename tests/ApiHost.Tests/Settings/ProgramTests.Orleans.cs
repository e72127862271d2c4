using System.Diagnostics;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Settings;

/// <summary>What a database may hold, or lack, that stops a start.</summary>
public sealed partial class ProgramTests
{
    private const string MistypedKey = "Database:Connection";
    private const string KnownKey = "ConnectionString";

    /// <summary>What the engine does not start without.</summary>
    private static readonly string[] Needed = ["--Database:ConnectionString=Host=127.0.0.1;Port=9"];

    [Theory]
    [InlineData("issuer.jwk", "", "private P-256 key as a JWK")]
    [InlineData("issuer.jwk", "{", "private P-256 key as a JWK")]
    [InlineData("issuer.jwk", "not JSON", "private P-256 key as a JWK")]
    [InlineData("issuer.jwk", "{\"kty\":\"EC\",\"crv\":\"P-256\"}", "private P-256 key as a JWK")]
    [InlineData("issuer.jwk", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"AA\",\"x\":\"AA\",\"y\":\"AA\"}", "private P-256 key as a JWK")]
    [InlineData("session.key", "short", "32 bytes in base64url")]
    [InlineData("session.key", "*", "32 bytes in base64url")]
    [InlineData("answers.key", "", "32 bytes in base64url")]
    public async Task A_damaged_secret_stops_the_start_in_one_line(string name, string text, string wanted)
    {
        await using var own = await ApiServer.Start();
        await own.Grains.ReplaceSecret(name, text);

        var (code, _, error) = await Run(["--Urls=http://127.0.0.1:0", "--PublicBaseUrl=http://localhost:4000", .. own.Grains.Settings]);

        Assert.Equal(1, code);
        Assert.StartsWith($"The secret {name} is damaged: it is no {wanted}.", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("", "Database:ConnectionString: is not set")]
    [InlineData("--Database:ConnectionString=Host=127.0.0.1;Port=9", "PostgreSQL cannot be used (")]
    public async Task A_database_that_is_not_there_stops_the_start_in_words(string argument, string message)
    {
        foreach (var verb in new string[][] { [], ["check"], ["rebuild"], ["token", "--role", "admin"] })
        {
            var (code, output, error) = await Run([.. verb, .. argument.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

            Assert.Equal((1, ""), (code, output));
            Assert.Contains(message, error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_waits_for_the_first_silo_and_ends_in_order_when_it_is_told_to()
    {
        await using var lonely = await GrainServer.Create("");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "OpenBitum.ApiHost.dll"), "--Urls=http://127.0.0.1:0", "--PublicBaseUrl=http://localhost:4000", .. lonely.Settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("Could not find any gateway", StringComparison.Ordinal))
            {
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                break;
            }
        }

        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (process.ExitCode, await error));
    }
}
