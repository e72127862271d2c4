using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>
/// Follows one chain. All its methods interleave, so that a checkout never waits for a look; what they share is one look at a time,
/// on the activation's turns.
/// </summary>
[KeepAlive]
public sealed partial class ChainFollowerGrain : Grain, IChainFollowerGrain, IRemindable
{
    private const string Reminder = "follow";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PatienceForTheFirstLook = TimeSpan.FromSeconds(2);

    private readonly Chain? chain;
    private readonly IChain? node;
    private readonly Follower? follower;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly CancellationTokenSource ending = new();
    private DateTimeOffset since;
    private string? fault = ChainFault.CatchingUp;
    private Task? running;
    private Task? next;

    public ChainFollowerGrain(
        [PersistentState("chain-follower", "grains")] IPersistentState<FollowerState> record,
        ChainCatalog catalog,
        IServiceProvider services,
        IDatabase database,
        TimeProvider clock,
        ILogger<ChainFollowerGrain> logger)
    {
        (this.clock, this.logger) = (clock, logger);
        chain = catalog.Find(this.GetPrimaryKeyString());
        if (chain is not null)
        {
            node = services.GetRequiredKeyedService<IChain>(chain.Id);
            follower = new Follower(chain, node, database, record, Hear, clock, logger);
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        since = clock.Now();
        if (chain is not null)
        {
            var interval = TimeSpan.FromMilliseconds(chain.Follow.PollIntervalMilliseconds, 0);
            this.RegisterGrainTimer(
                LookUnlessRunning,
                new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = interval, Interleave = true, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await ending.CancelAsync();
        foreach (var ended in new[] { running, follower?.Finish() }.OfType<Task>())
        {
            await ended.WaitAsync(cancellationToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        ending.Dispose();
    }

    public Task Start() => this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Being called has activated the grain, and its timer follows. A chain that is no longer configured is left alone.
        if (chain is null && await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public Task Watch(WatchScript script)
    {
        follower?.Watch(script);
        return Task.CompletedTask;
    }

    public async Task<ChainStatus> Status()
    {
        if (follower is null)
        {
            return new ChainStatus(ChainHealth.Degraded, 0, 0, null, "not_configured");
        }

        if (!follower.HasBegun)
        {
            await Look().WaitAsync(PatienceForTheFirstLook, clock).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // The first look ever begins at the tip it finds, so what was paid to an address shown before it could lie below.
        var age = clock.Now() - (follower.SeenThrough is { } seen && seen > since ? seen : since);
        var isDegraded = !follower.HasBegun
            || age > TimeSpan.FromSeconds(chain!.Follow.DegradedAfterSeconds)
            || (fault is not null && ChainFault.IsCertain(fault));
        return new ChainStatus(
            isDegraded ? ChainHealth.Degraded : ChainHealth.Ready,
            follower.Height,
            follower.Tip,
            follower.SeenThrough,
            isDegraded ? fault ?? ChainFault.CatchingUp : null);
    }

    public Task<DateTimeOffset?> SeenThrough(string listener) =>
        Task.FromResult(follower is null || follower.IsUnheard(listener) ? null : follower.SeenThrough);

    public Task Look()
    {
        if (follower is null)
        {
            return Task.CompletedTask;
        }

        if (running is null)
        {
            return running = LookNow();
        }

        return next ??= LookAfter(running);
    }

    public async Task<ChainStatus> Rescan(long fromHeight)
    {
        follower?.RescanAtNextLook(fromHeight);
        await Look();
        return await Status();
    }

    public async Task<NodeDerivation> DeriveAddresses(string descriptor, int count) => node is null
        ? new NodeDerivation(NodeDerivationStatus.Unreachable, [])
        : await node.DeriveAddresses(descriptor, count, ending.Token);

    private Task LookUnlessRunning() => running is null ? Look() : Task.CompletedTask;

    private async Task LookAfter(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (running, next) = (next, null);
        await LookNow();
    }

    private async Task LookNow()
    {
        // Yields first, so that whoever called has noted this look as the running one.
        await Task.Yield();
        try
        {
            SetFault(await follower!.Look(ending.Token), null);
        }
        catch (ChainUnavailableException failure)
        {
            SetFault(failure.Reason, failure);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The activation ends; the next one reads on from the cursor.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            SetFault(ChainFault.StoreUnavailable, failure);
            throw;
        }
        finally
        {
            running = next;
        }
    }

    private Task<Heard> Hear(string listener, PaymentsObserved observed) =>
        GrainFactory.GetGrain<IPaymentListener>(listener).Hear(observed);

    private void SetFault(string? now, Exception? failure)
    {
        if (now == fault)
        {
            return;
        }

        fault = now;
        if (now is null)
        {
            LogSeen(chain!.Id, follower!.Height);
        }
        else
        {
            LogFault(chain!.Id, now, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: seen through, block {Height}")]
    private partial void LogSeen(string chain, long height);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the look was not complete: {Fault}")]
    private partial void LogFault(string chain, string fault, Exception? failure);
}
