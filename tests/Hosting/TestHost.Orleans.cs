using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Silo;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A cluster in the test process, over a database of its own. Its records and reminders outlive restarts and kills. It has one silo, or as
/// many as OPENBITUM_TEST_SILOS says: a grain is then on any of them, and calls of one to another travel.
/// </summary>
public sealed class TestHost : IAsyncDisposable
{
    private const string Invariant = "Npgsql";
    private const string SilosVariable = "OPENBITUM_TEST_SILOS";
    private const int MostSteps = 50;
    private const int MostSilos = 8;

    private static readonly TimeSpan CollectionQuantum = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SmallestStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoonestReminder = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoomToSettle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RoomPerStep = TimeSpan.FromMilliseconds(10);

    private static readonly string[] RealTime =
    [
        TimeProviderNames.Membership, TimeProviderNames.SystemTimers, TimeProviderNames.GrainDirectory, TimeProviderNames.Messaging,
    ];

    private readonly TestHostOptions options;
    private readonly TestDatabase database;
    private InProcessTestCluster? cluster;

    private TestHost(TestHostOptions options, TestDatabase database)
    {
        this.options = options;
        this.database = database;
    }

    /// <summary>Every way this engine runs, by name.</summary>
    public static IReadOnlyDictionary<string, TestHostOptions> Modes { get; } =
        new Dictionary<string, TestHostOptions> { ["on threads, over a server"] = new() };

    /// <summary>How many silos each host is to have.</summary>
    public static int SilosWanted { get; } = WantedSilos(Environment.GetEnvironmentVariable(SilosVariable));

    /// <summary>How many silos there are.</summary>
    public int Silos => cluster?.Silos.Count ?? 0;

    /// <summary>How much later than its age an idle activation may be collected: once a quantum of it.</summary>
    public TimeSpan CollectionSlack => CollectionQuantum;

    /// <summary>Whether moving the clock makes a grain idle.</summary>
    public static bool IdlesByItsClock => false;

    /// <summary>Whether a killed silo runs nothing more, as a process that is gone.</summary>
    public static bool KillsAtOnce => false;

    public IGrainFactory GrainFactory => Services.GetRequiredService<IGrainFactory>();

    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => cluster?.Silos[0].SiloHost.Services ?? throw new InvalidOperationException("The host is down.");

    public static async Task<TestHost> Start(TestHostOptions? options = null)
    {
        TestDatabase.SkipWithout();
        var started = new TestHost(options ?? new TestHostOptions(), await TestDatabase.Create(CancellationToken.None));
        await started.Start();
        return started;
    }

    /// <summary>Starts a host and runs the test against it.</summary>
    public static async Task Run(TestHostOptions options, Func<TestHost, Task> test)
    {
        await using var host = await Start(options);
        await test(host);
    }

    /// <summary>
    /// Moves the clock, which must be a <see cref="ManualClock"/>. This engine sets its next timer only after the last one's work, on
    /// threads of its own, so time goes on in steps that leave room for it.
    /// </summary>
    public async Task Advance(TimeSpan by)
    {
        var clock = (ManualClock)options.Clock;
        var step = TimeSpan.FromTicks(Math.Max(by.Ticks / MostSteps, Math.Min(by.Ticks, SmallestStep.Ticks)));
        var end = clock.GetUtcNow() + by;
        do
        {
            clock.AdvanceTo(clock.GetUtcNow() + step < end ? clock.GetUtcNow() + step : end);
            await Task.Delay(RoomPerStep);
        }
        while (clock.GetUtcNow() < end);
    }

    /// <summary>Ends when the reminders that were due have been fired, as far as this engine lets anybody know.</summary>
    public async Task Settle()
    {
        ((ManualClock)options.Clock).Advance(SoonestReminder);
        await Task.Delay(RoomToSettle);
    }

    /// <summary>Ends when no call is under way and no timer or reminder is due, as far as this engine lets anybody know.</summary>
    public Task Rest() => Settle();

    /// <summary>An orderly stop and a new start over the same records.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>As near to kill -9 as a process can get with itself: nothing is waited for, but OnDeactivateAsync may run.</summary>
    public async Task Kill()
    {
        var killed = cluster!;
        cluster = null;
        try
        {
            await Task.WhenAll(killed.Silos.ToArray().Select(killed.KillSiloAsync)).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // A stateless worker with a call that never ends is waited for without end; it cannot be reached any more.
            return;
        }

        await killed.DisposeAsync();
    }

    /// <summary>Starts again after a <see cref="Kill"/>.</summary>
    public async Task Start()
    {
        // Each start is a cluster of its own, so nobody waits for the last one's members to be declared dead.
        var builder = new InProcessTestClusterBuilder((short)SilosWanted) { Options = { InitializeClientOnDeploy = false, ServiceId = "openbitum" } };
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Services.AddSingleton(options.Clock);
            KeepClusterOnRealTime(host.Services);
            host.Services.AddSingleton<DbDataSource>(database.Source);
            options.Services(host.Services);
        });
        builder.ConfigureSilo((_, silo) => Configure(silo));
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    /// <summary>
    /// Everything that grains can see runs on the test's clock. What keeps the cluster together runs on the real one, and so do the
    /// deadlines of calls, which this engine measures by a stopwatch whatever its clock says.
    /// </summary>
    internal static void KeepClusterOnRealTime(IServiceCollection services)
    {
        foreach (var area in RealTime)
        {
            services.AddKeyedSingleton(area, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            // Nobody looks any more, and a test may leave a call that never ends.
            await Kill();
        }

        await database.DisposeAsync();
    }

    private async Task Stop()
    {
        await cluster!.StopAllSilosAsync();
        await cluster.DisposeAsync();
        cluster = null;
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.AddAdoNetGrainStorage("grains", storage =>
        {
            storage.Invariant = Invariant;
            storage.ConnectionString = database.ConnectionString;
            storage.GrainStorageSerializer = new SiloEngine.WireJsonSerializer();
        });
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = Invariant;
            reminders.ConnectionString = database.ConnectionString;
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = options.CollectionAge;
            collection.CollectionQuantum = CollectionQuantum;
            collection.DeactivationTimeout = DrainTimeout;
        });
        silo.Configure<ReminderOptions>(reminder => reminder.MinimumReminderPeriod = options.MinimumReminderPeriod);
        options.Silo(silo);
    }

    private static int WantedSilos(string? text) =>
        string.IsNullOrEmpty(text) ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var silos) && silos is >= 1 and <= MostSilos ? silos
        : throw new InvalidOperationException($"{SilosVariable} is '{text}'; write a number from 1 to {MostSilos}.");
}
