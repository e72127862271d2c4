using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Calls;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Stepped;
using Orleans.Storage;
using Orleans.Timers;
using Orleans.Turns;

namespace Orleans;

internal enum EngineStatus
{
    NotStarted,
    Running,

    /// <summary>Calls from outside are refused; grains end what they are doing.</summary>
    Draining,

    /// <summary>Activations leave; no new ones are made.</summary>
    Stopping,
    Stopped,
}

/// <summary>What all grains of one process share.</summary>
internal sealed class GrainEngine : IDisposable
{
    private readonly IServiceCollection _descriptors;
    private readonly CancellationTokenSource _aborted = new();
    private readonly long _ticksPerTimestamp;
    private readonly long _defaultTimeoutTicks;
    private volatile EngineStatus _status;
    private volatile bool _killed;

    public GrainEngine(
        IServiceProvider services, IServiceCollection descriptors, EmbeddedGrainOptions options, TimeProvider time,
        IEngineScheduler scheduler, ILoggerFactory loggers)
    {
        Services = services;
        _descriptors = descriptors;
        Options = options;
        Time = time;
        Scheduler = scheduler;
        Log = loggers.CreateLogger("Orleans.Embedded");
        TurnsPerRun = scheduler is SteppedEngine ? 1 : options.TurnsPerRun;
        _ticksPerTimestamp = time.TimestampFrequency;
        _defaultTimeoutTicks = Timestamps(options.ResponseTimeout);
        Due = new DueQueue(time);
        IncomingFilters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        OutgoingFilters = [.. services.GetServices<IOutgoingGrainCallFilter>()];
        GrainFactory = new GrainFactory(this);
        Reminders = new ReminderService(
            this, services.GetService<IReminderTable>(), services.GetRequiredService<IOptions<ReminderOptions>>().Value);
    }

    public IServiceProvider Services { get; }

    public EmbeddedGrainOptions Options { get; }

    public TimeProvider Time { get; }

    public IEngineScheduler Scheduler { get; }

    public ILogger Log { get; }

    /// <summary>Where the engine's own asynchronous work runs.</summary>
    public TaskScheduler Tasks => Scheduler is SteppedEngine stepped ? stepped.Tasks : TaskScheduler.Default;

    public DueQueue Due { get; }

    public ReminderService Reminders { get; }

    public GrainFactory GrainFactory { get; }

    public IIncomingGrainCallFilter[] IncomingFilters { get; }

    public IOutgoingGrainCallFilter[] OutgoingFilters { get; }

    public string Name => Environment.MachineName;

    public int TurnsPerRun { get; }

    public EngineStatus Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>True once nothing of this engine may run any more.</summary>
    public bool IsKilled => _killed;

    public bool RefusesActivations => _status >= EngineStatus.Stopping || _killed;

    /// <summary>Cancelled when a stop has run out of patience, and by a kill.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>The clock's timestamp; what all deadlines of the engine are measured in.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>Why a call from this source is refused; null when it is not.</summary>
    public Exception? Refusal(Activation? source)
        => _status == EngineStatus.Running || (source is not null && _status < EngineStatus.Stopped && !_killed)
            ? null
            : Unavailable();

    public SiloUnavailableException Unavailable() => new(_killed ? "The grain engine was killed." : _status switch
    {
        EngineStatus.NotStarted => "The grain engine has not started yet: start the host before calling grains.",
        EngineStatus.Stopped => "The grain engine has stopped.",
        _ => "The grain engine is stopping and accepts no new calls.",
    });

    public TimeSpan ResponseTimeout(GrainMethod method) => method.ResponseTimeout ?? Options.ResponseTimeout;

    public long ResponseTimeoutTicks(GrainMethod method)
        => method.ResponseTimeout is { } timeout ? Timestamps(timeout) : _defaultTimeoutTicks;

    public long After(TimeSpan span) => Later(Now, span);

    public long Later(long timestamp, TimeSpan span)
    {
        var ticks = Timestamps(span);
        return ticks > long.MaxValue - timestamp ? long.MaxValue : timestamp + ticks;
    }

    /// <exception cref="BadProviderConfigException">There is no such storage.</exception>
    public IGrainStorage StorageNamed(string? name)
        => Services.GetKeyedService<IGrainStorage>(name ?? "Default")
            ?? Services.GetService<IGrainStorage>()
            ?? throw new BadProviderConfigException($"No grain storage named '{name ?? "Default"}' is registered.");

    /// <summary>Whether every request for the service gets the same object, so that it may be kept.</summary>
    public bool IsSingleton(Type service, object? key)
    {
        var definition = service.IsGenericType ? service.GetGenericTypeDefinition() : service;
        var descriptor = _descriptors.LastOrDefault(
            candidate => (candidate.ServiceType == service || candidate.ServiceType == definition) && Equals(candidate.ServiceKey, key));
        return descriptor?.Lifetime == ServiceLifetime.Singleton;
    }

    /// <summary>Stands for kill -9: no turn starts any more, no timer fires, whoever waits is told.</summary>
    public void Kill()
    {
        _killed = true;
        Due.Dispose();
        _aborted.Cancel();
        AbandonAll();
    }

    /// <summary>Ends what a stop could not wait for.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        AbandonAll();
    }

    public void Dispose()
    {
        Due.Dispose();
        _aborted.Dispose();
    }

    private void AbandonAll()
    {
        var exception = Unavailable();
        foreach (var activation in GrainFactory.Classes.SelectMany(grainClass => grainClass.Activations))
        {
            activation.Abandon(exception);
        }
    }

    private long Timestamps(TimeSpan span)
    {
        var timestamps = (Int128)span.Ticks * _ticksPerTimestamp / TimeSpan.TicksPerSecond;
        return timestamps > long.MaxValue ? long.MaxValue : (long)timestamps;
    }
}
