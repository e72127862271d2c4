using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Persistence;
using Orleans.Reminders;
using Orleans.Stepped;
using Orleans.Storage;

namespace OpenBitum.Tests.Hosting;

/// <summary>A silo of the test process. Its records and reminders outlive restarts and kills, as on a disk.</summary>
public sealed class TestHost : IAsyncDisposable
{
    // At its end a test may leave a call that never ends.
    private static readonly TimeSpan drainTimeout = TimeSpan.FromMilliseconds(200);

    // Where a test looks at what a stop has done, only a failing one waits this long.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    private readonly TestHostOptions options;
    private readonly InMemoryGrainStorage storage = new();
    private readonly InMemoryReminderTable reminders = new();
    private readonly DirectoryInfo? directory;
    private readonly SteppedEngine? stepped;
    private IHost? host;

    private TestHost(TestHostOptions options)
    {
        this.options = options;
        directory = options.OnDisk ? Directory.CreateTempSubdirectory("openbitum-tests-") : null;
        if (options.Seed is { } seed)
        {
            var clock = options.Clock as ManualClock;
            stepped = new SteppedEngine(seed, () => clock?.NextDue, time => clock?.AdvanceTo(time));
        }
    }

    /// <summary>Every way this engine runs: on threads and stepped by some seeds, in memory and in a file.</summary>
    public static IReadOnlyDictionary<string, TestHostOptions> Modes { get; } = new SortedDictionary<string, TestHostOptions>
    {
        ["threads"] = new(),
        ["threads, file"] = new() { OnDisk = true },
        ["seed 1"] = new() { Seed = 1 },
        ["seed 2"] = new() { Seed = 2 },
        ["seed 3"] = new() { Seed = 3 },
        ["seed 4, file"] = new() { Seed = 4, OnDisk = true },
        ["seed 5, file"] = new() { Seed = 5, OnDisk = true },
    };

    /// <summary>How many silos there are.</summary>
    public int Silos => 1;

    /// <summary>How much later than its age an idle activation may be collected.</summary>
    public TimeSpan CollectionSlack => TimeSpan.Zero;

    /// <summary>Whether moving the clock makes a grain idle.</summary>
    public static bool IdlesByItsClock => true;

    /// <summary>Whether a killed silo runs nothing more, as a process that is gone.</summary>
    public static bool KillsAtOnce => true;

    public IGrainFactory GrainFactory => Services.GetRequiredService<IGrainFactory>();

    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => host?.Services ?? throw new InvalidOperationException("The host is down.");

    public static async Task<TestHost> Start(TestHostOptions? options = null)
    {
        var started = new TestHost(options ?? new TestHostOptions());
        await started.Start();
        return started;
    }

    /// <summary>Starts a host and runs the test against it, in the stepped mode as steps of it.</summary>
    public static async Task Run(TestHostOptions options, Func<TestHost, Task> test)
    {
        await using var host = await Start(options);
        await host.InSteps(() => test(host));
    }

    /// <summary>
    /// Moves the clock, which must be a <see cref="ManualClock"/>. In the stepped mode all that a timer starts is done before the
    /// next one fires; on threads it goes on meanwhile.
    /// </summary>
    public Task Advance(TimeSpan by)
    {
        var clock = (ManualClock)options.Clock;
        var end = clock.GetUtcNow() + by;
        return InSteps(async () =>
        {
            await Idle();
            while (stepped is not null && clock.NextDue is { } due && due <= end)
            {
                clock.AdvanceTo(due);
                await Idle();
            }

            clock.AdvanceTo(end);
        });

        Task Idle() => stepped?.Idle() ?? Task.CompletedTask;
    }

    /// <summary>Ends when the reminders that were due have been fired.</summary>
    public async Task Settle()
    {
        var engine = Services.GetRequiredService<GrainEngine>();
        var clock = (ManualClock)options.Clock;
        while (engine.Reminders.IsBusy || clock.NextDue <= clock.GetUtcNow())
        {
            clock.Advance(TimeSpan.Zero);
            await Task.Yield();
        }
    }

    /// <summary>Ends when no call is under way and no timer or reminder is due: from then on nothing begins before the clock moves.</summary>
    public async Task Rest()
    {
        var engine = Services.GetRequiredService<GrainEngine>();
        var clock = (ManualClock)options.Clock;
        Task[] busy;
        do
        {
            await Settle();
            busy =
            [
                .. engine.GrainFactory.Classes.SelectMany(grainClass => grainClass.Activations)
                    .Select(activation => activation.WhenIdle()).Where(idle => !idle.IsCompleted),
            ];
            await Task.WhenAll(busy);
        }
        while (busy.Length > 0 || engine.Reminders.IsBusy || clock.NextDue <= clock.GetUtcNow());
    }

    /// <summary>An orderly stop and a new start over the same records.</summary>
    public async Task Restart()
    {
        var engine = Services.GetRequiredService<GrainEngine>().Options;
        (engine.DrainTimeout, engine.StopTimeout) = (patience, patience);
        await Stop();
        await Start();
    }

    /// <summary>As kill -9: no OnDeactivateAsync, and nothing of the old silo writes any more.</summary>
    public async Task Kill()
    {
        var store = Services.GetService<EmbeddedStore>();
        Services.GetRequiredService<EngineHostedService>().Kill();
        host!.Dispose();
        host = null;
        await Released(store);
    }

    /// <summary>Starts again after a <see cref="Kill"/>.</summary>
    public Task Start() => InSteps(StartHost);

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await InSteps(Stop);
        }

        directory?.Delete(recursive: true);
    }

    // A read that nobody waits for may still be opening the file, and would make its log anew while the folder is being removed.
    private static Task Released(EmbeddedStore? store) => store?.Released.WaitAsync(patience) ?? Task.CompletedTask;

    private async Task StartHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = 3 * patience);
        builder.Services.AddSingleton(options.Clock);
        options.Services(builder.Services);
        builder.UseOrleans(silo =>
        {
            if (directory is null)
            {
                silo.UseInMemoryStore(storage, reminders);
            }
            else
            {
                silo.UseEmbeddedStore(store => store.DataDirectory = directory.FullName);
            }

            silo.Configure<EmbeddedGrainOptions>(engine =>
            {
                engine.ResponseTimeout = options.ResponseTimeout;
                engine.CollectionAge = options.CollectionAge;
                engine.DrainTimeout = drainTimeout;
            });
            silo.Configure<ReminderOptions>(reminder => reminder.MinimumReminderPeriod = options.MinimumReminderPeriod);
            options.Silo(silo);
            if (stepped is not null)
            {
                silo.UseSteppedEngine(stepped);
            }
        });
        host = builder.Build();
        await host.StartAsync();
    }

    // In the stepped mode somebody has to take the steps: the test if it is one itself, else this thread.
    private Task InSteps(Func<Task> work)
    {
        if (stepped is null || ReferenceEquals(TaskScheduler.Current, stepped.Tasks))
        {
            return work();
        }

        stepped.Run(work);
        return Task.CompletedTask;
    }

    private async Task Stop()
    {
        var store = Services.GetService<EmbeddedStore>();
        await host!.StopAsync();
        host.Dispose();
        host = null;
        await Released(store);
    }
}
