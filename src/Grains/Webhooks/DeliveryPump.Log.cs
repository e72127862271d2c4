using Microsoft.Extensions.Logging;

namespace OpenBitum.Webhooks;

public sealed partial class DeliveryPump
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Webhook {Webhook} stops with {Count} deliveries on their way; they are made again")]
    private static partial void LogLeft(ILogger logger, string webhook, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} waits for the store")]
    private static partial void LogWaiting(ILogger logger, string webhook, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery {Delivery} of webhook {Webhook} is parked after {Attempts} attempts")]
    private static partial void LogParked(ILogger logger, string delivery, string webhook, int attempts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} stops with {Count} attempts not written down; they are made again")]
    private static partial void LogUnclosed(ILogger logger, string webhook, int count, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivery {Delivery} of webhook {Webhook} broke")]
    private static partial void LogBroken(ILogger logger, string delivery, string webhook, Exception bug);
}
