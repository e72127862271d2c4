using System.Diagnostics;
using System.Globalization;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>What runs beside an API host: here a silo as its own process, over a database on a real server.</summary>
internal sealed class GrainProcess : IAsyncDisposable
{
    private readonly Dictionary<string, string> settings = [];
    private readonly Dictionary<string, string> endpoint = [];
    private TestDatabase? database;
    private Process? process;

    /// <summary>Why the program cannot run on this machine; null when it can.</summary>
    public static string? Missing => TestDatabase.Missing;

    /// <summary>What the host is told of it.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <param name="own">The host's own settings, which are the silo's too.</param>
    /// <param name="say">Takes each line that is printed.</param>
    public async Task Start(IReadOnlyDictionary<string, string> own, Action<string?> say)
    {
        if (database is null)
        {
            database = await TestDatabase.CreateEmpty(CancellationToken.None);
            settings["Database:ConnectionString"] = database.ConnectionString;

            // The same over restarts, as on a machine of its own: who comes back there replaces who was killed there.
            endpoint["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1";
            endpoint["Orleans:Endpoints:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
            endpoint["Orleans:Endpoints:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        }

        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "OpenBitum.Silo"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in own.Concat(settings).Concat(endpoint))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => say(line.Data);
        process.ErrorDataReceived += (_, line) => say(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await Kill();
        }

        process?.Dispose();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }
}
