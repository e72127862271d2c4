using Microsoft.Extensions.Logging;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// Keeps what the hosts of a suite have written by themselves in `artifacts/logs/SUITE.log`, where tests/Afterwards.Tests looks for
/// secrets in it. A new run of the suite begins the file anew.
/// </summary>
public sealed class HostLog : ILoggerProvider
{
    /// <summary>The most that an operator can turn on; the console stays as it is.</summary>
    public static readonly string[] MostVerbose =
    [
        "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
        "--Logging:LogLevel:System=Trace", "--Logging:LogLevel:Orleans=Trace", "--Logging:Console:LogLevel:Default=Warning",
    ];

    public static string Folder { get; } = Path.Combine(Repository.Artifacts, "logs");

    private static readonly Lazy<HostLog> OfSuite = new(() => new(Path.Combine(Folder, $"{ExchangeLog.SuiteName()}.log")));

    private readonly Lock writing = new();
    private readonly StreamWriter writer;

    private HostLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        writer = new StreamWriter(File.Create(path)) { AutoFlush = true };
    }

    /// <summary>The log of the suite that runs.</summary>
    public static HostLog Current => OfSuite.Value;

    public void WriteLine(string line)
    {
        lock (writing)
        {
            writer.WriteLine(line);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <summary>The file outlives the hosts that write into it.</summary>
    public void Dispose()
    {
    }

    private sealed class Category(HostLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.WriteLine($"{logLevel} {name} {formatter(state, exception)}{(exception is null ? "" : $"{Environment.NewLine}{exception}")}");
            }
        }
    }
}
