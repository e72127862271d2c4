using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A real PostgreSQL over a folder of its own, one for all tests of the process; it ends with the process. Nothing is synced: what a
/// power cut would do to it is not tested here.
/// </summary>
public sealed class PostgresServer
{
    private const string Owner = "postgres";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<PostgresServer>> Started = new(Start);

    private readonly DirectoryInfo folder;
    private readonly Process process;

    private PostgresServer(DirectoryInfo folder, int port, Process process)
    {
        this.folder = folder;
        this.process = process;
        ConnectionString = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username={Owner};Include Error Detail=true";
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    public static Task<PostgresServer> Shared => Started.Value;

    /// <summary>Why there is no server on this machine; null when there is one.</summary>
    public static string? Missing { get; } =
        Binaries() is null ? "Debian's package postgresql-15 is not installed"
        : Environment.IsPrivilegedProcess && !File.Exists("/usr/bin/setpriv") ? "PostgreSQL refuses root, and setpriv is not installed"
        : null;

    public string ConnectionString { get; }

    private static async Task<PostgresServer> Start()
    {
        var binaries = Binaries() ?? throw new InvalidOperationException(Missing);
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, "openbitum-postgres-" + Path.GetRandomFileName()));
        if (Environment.IsPrivilegedProcess)
        {
            await Ended(Run("chown", [Owner, folder.FullName]));
        }

        var data = Path.Combine(folder.FullName, "data");
        await Ended(RunAsOwner(
            Path.Combine(binaries, "initdb"),
            ["-D", data, "-U", Owner, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]));
        var port = FreePort.Next();
        var process = RunAsOwner(Path.Combine(binaries, "postgres"),
        [
            "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
            "-c", "autovacuum=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
        ]);
        var server = new PostgresServer(folder, port, process);
        await server.Answers();
        return server;
    }

    private async Task Answers()
    {
        var waited = Stopwatch.StartNew();
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException failure)
            {
                if (process.HasExited || waited.Elapsed > StartTimeout)
                {
                    throw new InvalidOperationException("PostgreSQL did not start.", failure);
                }

                await Task.Delay(50);
            }
        }
    }

    private void Stop()
    {
        // SIGQUIT ends the server and its children at once; there is nothing to save.
        using (var kill = Process.Start("kill", ["-QUIT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        process.WaitForExit(StartTimeout);
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static string? Binaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "postgres")))
            : null;

    /// <summary>PostgreSQL refuses to run as root, so root steps down to the package's own user. The pid stays the server's.</summary>
    private static Process RunAsOwner(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? Run("setpriv", [$"--reuid={Owner}", $"--regid={Owner}", "--clear-groups", program, .. arguments])
            : Run(program, arguments);

    private static Process Run(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // Nobody reads what the server says of each mistake that a test makes on purpose; a full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task Ended(Process process)
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}.");
        }
    }
}
