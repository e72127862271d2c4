using System.Diagnostics;
using System.Net;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Settings;

/// <summary>The program as a person starts it: its own process, its exit code and what it prints.</summary>
public sealed partial class ProgramTests(SharedServer shared)
{
    private const string MistypedArgument = $"--{MistypedKey}=x";

    [Theory]
    [InlineData("--Orders:TtlSeconds=abc", "Orders:TtlSeconds: is 'abc'")]
    [InlineData("--Orders:TtlSeconds=0", "Orders:TtlSeconds: is '0'")]
    [InlineData("--Orders:TtlSecond=900", "Orders:TtlSecond: is not a setting; known here are ")]
    [InlineData("--Auth:Issuer=http://auth.example", "Auth:Issuer: is 'http://auth.example'")]
    [InlineData("--Auth:DefaultMerchant=a b", "Auth:DefaultMerchant: is 'a b'; write 1-64 of")]
    [InlineData("--Auth:ClientId=page", "Auth:ClientId: is a client of an issuer, and Auth:Issuer is not set")]
    [InlineData("--Auth:ClientSecret=x", "Auth:ClientSecret: belongs to a client, and Auth:ClientId is not set")]
    [InlineData("--Auth:Admin=x", "Auth:Admin: is not a setting")]
    [InlineData("--PublicBaseUrl=shop.example", "PublicBaseUrl: is 'shop.example'; write an address such as")]
    [InlineData("--PublicBaseUrl=https://shop.example/path", "PublicBaseUrl: is 'https://shop.example/path'")]
    [InlineData("--Urls=http://0.0.0.0:4000", "PublicBaseUrl: is not set and Urls is 'http://0.0.0.0:4000'")]
    [InlineData("--Chains:BTC:Network=main", "Chains:BTC:Network: is 'main'; write one of mainnet, testnet, regtest")]
    [InlineData("--Chains:DOGE:RpcUrl=http://localhost", "Chains:DOGE: is not a setting")]
    [InlineData(MistypedArgument, MistypedKey + ": is not a setting; known here are " + KnownKey)]
    [InlineData("--PublicBaseUrl=http://0.0.0.0:80", "PublicBaseUrl: is 'http://0.0.0.0:80'; write the address that buyers use")]
    [InlineData("--PublicBaseUri=https://shop.example", "PublicBaseUri: is not a setting; known here are ")]
    [InlineData("--Order:TtlSeconds=900", "Order: is not a setting; known here are ")]
    public async Task A_wrong_setting_stops_the_start_and_says_what_to_write(string argument, string message)
    {
        var (code, output, error) = await Run(argument);

        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Theory]
    [InlineData(MistypedArgument, MistypedKey + ": is not a setting")]
    [InlineData("--Order:TtlSeconds=900", "Order: is not a setting")]
    public async Task Check_refuses_what_the_start_would_refuse(string argument, string message)
    {
        var (code, output, error) = await Run("check", argument);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Order:TtlSeconds=900")]
    [InlineData("--PublicBaseUri=https://shop.example")]
    [InlineData(MistypedArgument)]
    public async Task A_silo_refuses_what_the_host_refuses_in_the_same_words(string argument)
    {
        var (code, _, error) = await Run(argument);

        Assert.Equal(1, code);
        Assert.Contains(": is not a setting; known here are ", error, StringComparison.Ordinal);
        Assert.Equal((1, "", error), await RunProgram("OpenBitum.Silo.dll", [argument]));
    }

    [Theory]
    [InlineData("OpenBitum.ApiHost.dll")]
    [InlineData("OpenBitum.Silo.dll")]
    public async Task Each_program_knows_every_section_of_the_sample(string program)
    {
        // The platform reads appsettings.<environment>.json of its root, and the one wrong key keeps the program from starting.
        var (code, _, error) = await RunProgram(program,
        [
            $"--contentRoot={Path.Combine(Repository.Root, "docker")}", "--environment=sample", "--Order:TtlSeconds=900", .. Needed,
        ]);

        Assert.Equal(1, code);
        var refused = Assert.Single(error.TrimEnd().Split(Environment.NewLine)[1..]);
        Assert.StartsWith("Order: is not a setting", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_value_is_not_called_missing_besides()
    {
        var (_, _, error) = await Run(["--Chains:BTC:RpcUrl=node", .. Needed]);

        var refused = Assert.Single(error.TrimEnd().Split(Environment.NewLine)[1..]);
        Assert.StartsWith("Chains:BTC:RpcUrl: is out of its bounds", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_wrong_options_the_first_is_named()
    {
        var (code, output, error) = await Run("token", "--role", "admin", "--tenant", "shop");

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("There is no option --tenant.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_in_one_line()
    {
        // RFC 5737: nobody's address.
        var (code, output, error) = await Run(
            ["--Urls=http://192.0.2.1:4000", "--PublicBaseUrl=http://localhost:4000", .. shared.Server.Grains.SettingsOfAnother]);

        Assert.Equal(1, code);
        Assert.StartsWith("Urls cannot be listened on", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_its_own_audience_is_refused_because_its_ID_tokens_would_pass()
    {
        var (code, _, error) = await Run("--Auth:Issuer=https://auth.example", "--Auth:ClientId=openbitum");

        Assert.Equal(1, code);
        Assert.Contains("Auth:Audience: is 'openbitum', the client's own name", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_settings_are_named_at_once()
    {
        var (_, _, error) = await Run("--Orders:TtlSeconds=abc", "--Auth:AdminRole=two words", MistypedArgument);

        Assert.Contains("Orders:TtlSeconds", error, StringComparison.Ordinal);
        Assert.Contains("Auth:AdminRole", error, StringComparison.Ordinal);
        Assert.Contains(MistypedKey, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_printed_alone_and_works_beside_the_running_host()
    {
        var server = shared.Server;
        var (code, output, error) = await Run(
            ["token", "--role", "admin", "--merchant", "acme", .. server.Grains.Settings, $"--Urls={server.Address}"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(3, output.TrimEnd('\n').Split('.').Length);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/merchant/products", output.Trim())).Status);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("token", "--role", "king")]
    [InlineData("token", "--role", "admin", "--minutes", "0")]
    [InlineData("token", "--role", "admin", "--merchant", "a/b")]
    [InlineData("token", "--role")]
    [InlineData("token", "--rule", "admin")]
    [InlineData("tokens")]
    [InlineData("verify-webhook")]
    public async Task What_is_not_understood_prints_the_usage_and_ends_with_2(params string[] arguments)
    {
        var (code, output, error) = await Run(arguments);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("Usage: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("token", "--help")]
    [InlineData("check", "--help")]
    [InlineData("verify-webhook", "--help")]
    public async Task Help_is_printed_where_it_is_asked_for(params string[] arguments)
    {
        var (code, output, _) = await Run(arguments);

        Assert.Equal(0, code);
        Assert.StartsWith("Usage: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_which_node_does_not_answer()
    {
        var grains = shared.Server.Grains.SettingsOfAnother;
        Assert.Equal(0, (await Run(["check", .. grains])).Code);

        var (code, _, error) = await Run(
        [
            "check", "--Chains:BTC:RpcUrl=http://127.0.0.1:9", "--Chains:BTC:Network=regtest", "--Chains:BTC:RpcUser=a",
            "--Chains:BTC:RpcPassword=secret-word", .. grains,
        ]);

        Assert.Equal(1, code);
        Assert.Contains("BTC: the node at http://127.0.0.1:9/ does not answer", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_says_where_it_listens_and_how_to_get_in_and_ends_when_it_is_told_to()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no SIGTERM on Windows.");
        }

        var folder = Directory.CreateTempSubdirectory("openbitum-run-").FullName;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "OpenBitum.ApiHost.dll"), "--Urls=http://127.0.0.1:0", "--PublicBaseUrl=http://localhost:4000",
                .. shared.Server.Grains.SettingsOfAnother,
            ])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("First sale: ", StringComparison.Ordinal))
            {
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                break;
            }
        }

        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("fail:", rest, StringComparison.Ordinal);
        Assert.Contains(said, line => line.StartsWith("OpenBitum listens on http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(said, line => line.EndsWith("token --role admin --PublicBaseUrl=http://localhost:4000", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("http://localhost:4000/sign-in#", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    internal static Task<(int Code, string Output, string Error)> Run(params string[] arguments) =>
        RunProgram("OpenBitum.ApiHost.dll", arguments);

    private static async Task<(int Code, string Output, string Error)> RunProgram(string program, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-run-").FullName;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
        return (process.ExitCode, await output, await error);
    }
}
