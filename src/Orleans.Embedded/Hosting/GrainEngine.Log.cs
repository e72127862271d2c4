using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans;

internal static partial class GrainEngineLog
{
    [LoggerMessage(LogLevel.Information, "Grain engine started with {Classes} grain classes.")]
    public static partial void Started(this ILogger logger, int classes);

    [LoggerMessage(LogLevel.Information, "Grain engine is stopping: {Activations} activations.")]
    public static partial void Stopping(this ILogger logger, int activations);

    [LoggerMessage(LogLevel.Warning, "Grain engine stopped before all grains were done.")]
    public static partial void StopCutShort(this ILogger logger);

    [LoggerMessage(LogLevel.Error, "Grain {GrainId} could not be activated.")]
    public static partial void ActivationFailed(this ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Error, "Grain {GrainId} failed in its deactivation.")]
    public static partial void DeactivationFailed(this ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Warning, "Response timeout: {Call}.")]
    public static partial void CallTimedOut(this ILogger logger, string call);

    [LoggerMessage(LogLevel.Warning, "One-way call failed: {Call}.")]
    public static partial void OneWayCallFailed(this ILogger logger, Exception exception, string call);

    [LoggerMessage(LogLevel.Warning, "A cancellation callback failed: {Call}.")]
    public static partial void CancellationCallbackFailed(this ILogger logger, Exception exception, string call);

    [LoggerMessage(LogLevel.Warning, "A timer of grain {GrainId} failed; its next tick stays.")]
    public static partial void TimerFailed(this ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Error, "Reminder {Name} of grain {GrainId} failed; its next tick stays.")]
    public static partial void ReminderFailed(this ILogger logger, Exception exception, string name, GrainId grainId);

    [LoggerMessage(LogLevel.Error, "Reminders could not be read; reading again in {Delay}.")]
    public static partial void RemindersUnreadable(this ILogger logger, Exception exception, TimeSpan delay);
}
