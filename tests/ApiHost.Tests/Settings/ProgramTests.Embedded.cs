using Xunit;

namespace OpenBitum.Tests.Settings;

/// <summary>What a folder may hold that stops a start.</summary>
public sealed partial class ProgramTests
{
    private const string MistypedKey = "Data:Folder";
    private const string KnownKey = "Directory";

    /// <summary>What the engine does not start without.</summary>
    private static readonly string[] Needed = [];

    [Theory]
    [InlineData("check")]
    [InlineData("token", "--role", "admin")]
    [InlineData]
    public async Task A_database_is_refused_because_everything_would_be_in_the_file(params string[] verb)
    {
        var (code, output, error) = await Run([.. verb, "--Database:ConnectionString=Host=db.example;Password=never-shown"]);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("Database:ConnectionString: is for the engine Orleans", error, StringComparison.Ordinal);
        Assert.DoesNotContain("never-shown", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_refused_in_one_line()
    {
        var file = Path.GetTempFileName();
        var (code, output, error) = await Run("token", "--role", "admin", $"--Data:Directory={file}/data");
        File.Delete(file);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("choose another Data:Directory", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

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
        var folder = Directory.CreateTempSubdirectory("openbitum-damaged-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);

        var (code, _, error) = await Run($"--Data:Directory={folder}", "--Urls=http://127.0.0.1:0", "--PublicBaseUrl=http://localhost:4000");

        Assert.Equal(1, code);
        Assert.StartsWith($"The secret {name} is damaged: it is no {wanted}.", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_second_host_on_the_same_folder_is_told_who_holds_it()
    {
        var (code, output, error) = await Run($"--Data:Directory={shared.Server.Folder}", "--Urls=http://127.0.0.1:9999");

        Assert.Equal(1, code);
        Assert.Contains($"is in use by process {Environment.ProcessId}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }
}
