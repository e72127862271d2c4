using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpenBitum.Bench;

/// <summary>A server in a process of its own, so that it is measured as it runs for users.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private Server(Process process, string folder, int port, TimeSpan firstAnswer)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
        FirstAnswer = firstAnswer;
    }

    public int Port { get; }

    public TimeSpan FirstAnswer { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public HttpClient Client => new() { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };

    /// <summary>The API host on an empty data folder.</summary>
    public static Task<Server> StartApiHost() =>
        Start(port => [Path.Combine(AppContext.BaseDirectory, "OpenBitum.ApiHost.dll"), "--Urls", $"http://127.0.0.1:{port}"], "/healthz/ready");

    public static Task<Server> StartBareKestrel() =>
        Start(port => [Path.Combine(AppContext.BaseDirectory, "OpenBitum.Bench.dll"), BareKestrel.Verb, $"http://127.0.0.1:{port}"], "/healthz/live");

    /// <summary>What a verb of the API host prints, on this server's data.</summary>
    public async Task<string> Verb(params string[] arguments)
    {
        using var verb = Process.Start(StartInfo([Path.Combine(AppContext.BaseDirectory, "OpenBitum.ApiHost.dll"), .. arguments, "--Urls", $"http://127.0.0.1:{Port}"], folder))!;
        return (await verb.StandardOutput.ReadToEndAsync()).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Server> Start(Func<int, string[]> arguments, string ready)
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-bench-").FullName;
        var port = FreePort();
        var clock = Stopwatch.StartNew();
        var process = Process.Start(StartInfo(arguments(port), folder))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (!await Answers(client, ready))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{string.Join(' ', arguments(port))} ended with {process.ExitCode}.");
            }

            await Task.Delay(5);
        }

        return new Server(process, folder, port, clock.Elapsed);
    }

    private static async Task<bool> Answers(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(string[] arguments, string folder)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment["Data__Directory"] = folder;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
