using Microsoft.Extensions.Logging;

namespace Orleans.Storage;

internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Information, "The store {Path} is open.")]
    public static partial void Opened(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Information, "The store is closed; all that was accepted is written.")]
    public static partial void Closed(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "The store refuses writes until the disk takes them again. {Reason}")]
    public static partial void WritesRefused(ILogger logger, string reason, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The store takes writes again after {Lasted}.")]
    public static partial void WritesTakenAgain(ILogger logger, TimeSpan lasted);

    [LoggerMessage(5, LogLevel.Warning, "A transaction could not be rolled back; its connection is replaced.")]
    public static partial void RollbackFailed(ILogger logger, Exception exception);
}
