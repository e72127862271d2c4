using System.Diagnostics;
using System.Net;
using System.Text;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>The API host as its own process, on its own port and store; killed with all its grains and started again at will.</summary>
internal sealed class HostProcess(string dataDirectory, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    // A loaded machine starts a process in half a minute, and orders here expire after as long; only a failing test waits to the end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly StringBuilder output = new();
    private readonly GrainProcess grains = new();
    private Process? process;

    /// <summary>Stays the same over restarts: what the host printed and signed names it.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Everything all runs have printed, for the message of a failing test.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public async Task Start()
    {
        await grains.Start(settings, Append);
        process = Run([], redirectToOutput: true);
        using var client = new HttpClient { BaseAddress = Address };
        await Until(
            async () =>
            {
                Assert.False(process.HasExited, $"The host ended by itself:\n{Output}");
                try
                {
                    using var answer = await client.GetAsync("/healthz/ready");
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the host is ready");
    }

    /// <summary>kill -9: nothing is flushed, nobody is told.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        await grains.Kill();
    }

    /// <summary>SIGTERM; answers the exit code, which is not 0 if that of any process was not.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        var ended = await grains.Stop();
        return process.ExitCode == 0 ? ended : process.ExitCode;
    }

    /// <summary>Runs a verb beside the host; answers what it printed on standard output.</summary>
    public async Task<string> Verb(params string[] arguments)
    {
        using var verb = Run(arguments, redirectToOutput: false);
        var printed = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        Assert.True(verb.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {verb.ExitCode}: {printed}");
        PlantedSecrets.Current.AddHeader("Authorization", printed);
        return printed.Trim();
    }

    /// <summary>Waits for something another process does: looks until it is so, and fails by name when patience ends.</summary>
    public async Task Until(Func<Task<bool>> isSo, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, $"It never came that {what}. The host printed:\n{Output}");
            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await Kill();
        }

        PlantedSecrets.Current.AddFiles(dataDirectory);

        process?.Dispose();
        await grains.DisposeAsync();
    }

    private Process Run(string[] arguments, bool redirectToOutput)
    {
        var start = new ProcessStartInfo(PublishedHost.Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["Urls"] = Address.ToString().TrimEnd('/');
        start.Environment["Data__Directory"] = dataDirectory;
        foreach (var (key, value) in settings.Concat(grains.Settings))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var started = Process.Start(start)!;
        if (redirectToOutput)
        {
            started.OutputDataReceived += (_, line) => Append(line.Data);
            started.ErrorDataReceived += (_, line) => Append(line.Data);
            started.BeginOutputReadLine();
            started.BeginErrorReadLine();
        }
        else
        {
            started.ErrorDataReceived += (_, line) => Append(line.Data);
            started.BeginErrorReadLine();
        }

        return started;
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            HostLog.Current.WriteLine(line);
            PlantedSecrets.Current.AddSignInLink(line);
        }

        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
