using System.Net.Sockets;
using OpenBitum.Access;
using OpenBitum.Settings;
using OpenBitum.Silo;

namespace OpenBitum.CommandLine;

/// <summary>The verbs of the program; none runs the host.</summary>
internal static class Commands
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Misused = 2;

    private const string Usage =
        """
        Usage: openbitum [verb] [options] [--Key=Value …]

          (no verb)        runs the host; settings come from appsettings.json, the environment and --Key=Value
          token            prints one token of the instance's own issuer
          check            validates the configuration and reaches each chain's node
          rebuild          makes lists, search and totals anew from what the grains have stored
          verify-webhook   checks a delivery that was saved to a file

        Each verb tells more with --help.
        """;

    public static async Task<int> Run(string[] args, Func<Task> serve)
    {
        try
        {
            switch (args)
            {
                case ["token", .. var rest]:
                    return TokenCommand.Run(rest);
                case ["check", .. var rest]:
                    return await CheckCommand.Run(rest);
                case ["rebuild", .. var rest]:
                    return await RebuildCommand.Run(rest);
                case ["verify-webhook", .. var rest]:
                    return VerifyWebhookCommand.Run(rest);
                case ["--help" or "-h" or "help", ..]:
                    Console.WriteLine(Usage);
                    return Done;
                case [] or [['-', '-', ..], ..] or [['/', ..], ..]:
                    await serve();
                    return Done;
                default:
                    return Misuse($"There is no verb '{args[0]}'.", Usage);
            }
        }
        catch (SettingsRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Report);
            return Refused;
        }
        catch (Exception refused) when (Says(refused) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return Refused;
        }
    }

    /// <summary>Says what is wrong with the command line and how it is meant.</summary>
    public static int Misuse(string problem, string usage)
    {
        Console.Error.WriteLine($"{problem}{Environment.NewLine}{Environment.NewLine}{usage}");
        return Misused;
    }

    /// <summary>What a person can do about a start that failed; null where only a stack trace helps.</summary>
    private static string? Says(Exception failure) => failure switch
    {
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{failure.Message} Stop what listens there, or choose another address with --Urls=http://127.0.0.1:4001.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } =>
            $"Urls cannot be listened on ({failure.Message}). Choose an address of this machine and a free port, such as --Urls=http://127.0.0.1:4000.",
        DamagedSecretException => failure.Message,
        _ => SiloEngine.Explain(failure),
    };
}
