using System.Diagnostics;
using OpenBitum.Outbox;
using OpenBitum.Settings;
using OpenBitum.Silo;

namespace OpenBitum.CommandLine;

/// <summary>`rebuild`: makes lists, search and totals anew from the records of the grains, while no host runs.</summary>
internal static class RebuildCommand
{
    private const string Usage =
        """
        Usage: openbitum rebuild [--Key=Value …]

        Makes the read model (lists, search, totals) anew from what orders, products, customers and the rest have stored. Events and
        deliveries stay as they are; nothing is sent again. Stop the host first. Stopped half-way, it is completed by the next start of
        the host, or by another rebuild. It needs the settings of the host: Data:Directory and the chains.

        Exit code 0 when all was rebuilt; otherwise each record that could not be read is named.
        """;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(string[] args)
    {
        if (!Options.TryParse(args, [], out var options, out var problem))
        {
            return Commands.Misuse(problem, Usage);
        }

        if (options.WantsHelp)
        {
            Console.WriteLine(Usage);
            return Commands.Done;
        }

        var builder = Host.CreateApplicationBuilder([.. options.Settings, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.HostGrainsAlone();
        builder.ReadApiSettings();
        builder.Services.RefuseWrongSettings();
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            return await Run(host.Services.GetRequiredService<Rebuild>(), stopping);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> Run(Rebuild rebuild, CancellationToken stopping)
    {
        var records = await rebuild.Begin();
        Console.WriteLine($"{records} records are to be published.");

        var left = 0;
        var reported = Stopwatch.GetTimestamp();
        try
        {
            await rebuild.Finish(Name, Report, stopping);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before the end: lists are incomplete until the host has started, or until another rebuild.");
            return Commands.Refused;
        }

        if (left > 0)
        {
            await Console.Error.WriteLineAsync(
                $"{left} of {records} records could not be published; lists lack them. The host tries them again each minute.");
            return Commands.Refused;
        }

        Console.WriteLine($"The read model was rebuilt from {records} records.");
        return Commands.Done;

        void Name(Mark mark, Exception? failure)
        {
            Interlocked.Increment(ref left);
            Console.Error.WriteLine($"{mark.Kind} {mark.Key}: {Cause(failure)}");
        }

        void Report(int passed)
        {
            if (Stopwatch.GetElapsedTime(reported) >= BetweenReports)
            {
                reported = Stopwatch.GetTimestamp();
                Console.WriteLine($"{passed} of {records}");
            }
        }
    }

    /// <summary>The innermost says what is wrong with a record; those around it only where it came up.</summary>
    private static string Cause(Exception? failure) => failure?.GetBaseException().Message ?? "no grain of this program";
}
