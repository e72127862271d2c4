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
    private readonly IServiceCollection descriptors;
    private readonly CancellationTokenSource aborted = new();
    private readonly long ticksPerTimestamp;
    private readonly long defaultTimeoutTicks;
    private volatile EngineStatus status;
    private volatile bool killed;

    public GrainEngine(
        IServiceProvider services, IServiceCollection descriptors, EmbeddedGrainOptions options, TimeProvider time,
        IEngineScheduler scheduler, ILoggerFactory loggers)
    {
        Services = services;
        this.descriptors = descriptors;
        Options = options;
        Time = time;
        Scheduler = scheduler;
        Log = loggers.CreateLogger("Orleans.Embedded");
        TurnsPerRun = scheduler is SteppedEngine ? 1 : options.TurnsPerRun;
        ticksPerTimestamp = time.TimestampFrequency;
        defaultTimeoutTicks = Timestamps(options.ResponseTimeout);
        Due = new DueQueue(time);
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

    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    public IOutgoingGrainCallFilter[] OutgoingFilters { get; private set; } = [];

    public string Name => Environment.MachineName;

    public int TurnsPerRun { get; }

    public EngineStatus Status
    {
        get => status;
        set => status = value;
    }

    /// <summary>True once nothing of this engine may run any more.</summary>
    public bool IsKilled => killed;

    public bool RefusesActivations => status >= EngineStatus.Stopping || killed;

    /// <summary>True once whoever still waits has been told that nothing will come.</summary>
    public bool IsOver => status == EngineStatus.Stopped || killed;

    /// <summary>Cancelled when a stop has run out of patience, and by a kill.</summary>
    public CancellationToken Aborted => aborted.Token;

    /// <summary>The clock's timestamp; what all deadlines of the engine are measured in.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>Takes the classes and filters. The filters may want the grain factory, so they come after the engine.</summary>
    public void Open(IEnumerable<Type> grainClasses)
    {
        IncomingFilters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        OutgoingFilters = [.. Services.GetServices<IOutgoingGrainCallFilter>()];
        GrainFactory.Add(grainClasses);
        status = EngineStatus.Running;
    }

    /// <summary>Why a call from this source is refused; null when it is not.</summary>
    public Exception? Refusal(Activation? source)
        => status == EngineStatus.Running || (source is not null && status < EngineStatus.Stopped && !killed)
            ? null
            : Unavailable();

    public SiloUnavailableException Unavailable() => new(killed ? "The grain engine was killed." : status switch
    {
        EngineStatus.NotStarted => "The grain engine has not started yet: start the host before calling grains.",
        EngineStatus.Stopped => "The grain engine has stopped.",
        _ => "The grain engine is stopping and accepts no new calls.",
    });

    public TimeSpan ResponseTimeout(GrainMethod method) => method.ResponseTimeout ?? Options.ResponseTimeout;

    public long ResponseTimeoutTicks(GrainMethod method)
        => method.ResponseTimeout is { } timeout ? Timestamps(timeout) : defaultTimeoutTicks;

    public long After(TimeSpan span) => Later(Now, span);

    /// <summary>The timestamp of a time of day.</summary>
    public long At(DateTimeOffset moment)
    {
        while (true)
        {
            var now = Time.GetUtcNow();
            var timestamp = After(moment - now);

            // Two clocks are read one after the other: a thread that is held up in between would come too late by as much.
            if (Time.GetUtcNow() - now < DueQueue.HeldUp)
            {
                return timestamp;
            }
        }
    }

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
        var descriptor = descriptors.LastOrDefault(
            candidate => (candidate.ServiceType == service || candidate.ServiceType == definition) && Equals(candidate.ServiceKey, key));
        return descriptor?.Lifetime == ServiceLifetime.Singleton;
    }

    /// <summary>Stands for kill -9: no turn starts any more, no timer fires, whoever waits is told.</summary>
    public void Kill()
    {
        killed = true;
        Due.Dispose();
        aborted.Cancel();
        AbandonAll();
    }

    /// <summary>Ends what a stop could not wait for.</summary>
    public void Abort()
    {
        aborted.Cancel();
        AbandonAll();
    }

    public void Dispose()
    {
        Due.Dispose();
        aborted.Dispose();
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
        var timestamps = (Int128)span.Ticks * ticksPerTimestamp / TimeSpan.TicksPerSecond;
        return timestamps > long.MaxValue ? long.MaxValue : (long)timestamps;
    }
}
