using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OpenBitum.Silo;

/// <summary>
/// Signs of life of a silo that is still joining. Orleans writes them only once a silo has joined. A joining one waits for every member
/// that the table calls active, and removes those that have been silent for 90 s and do not answer either; but it looks who is silent
/// only when the table has news. Where every member was killed a moment before and none comes back to its address nobody else writes,
/// so it would wait for the dead until its start is given up after five minutes.
/// </summary>
internal sealed class SignsOfLife(IMembershipTable members, ILocalSiloDetails self, IOptions<ClusterMembershipOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>The silo stands in the table already and has not asked the others yet.</summary>
    private const int BeforeOthersAreAsked = ServiceLifecycleStage.ValidateInitialConnectivity - 1;

    private const int AfterOthersHaveAnswered = ServiceLifecycleStage.ValidateInitialConnectivity + 1;

    private readonly CancellationTokenSource joined = new();
    private Task writing = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SignsOfLife), BeforeOthersAreAsked, Begin, End);
        lifecycle.Subscribe(nameof(SignsOfLife), AfterOthersHaveAnswered, End);
    }

    public void Dispose() => joined.Dispose();

    private Task Begin(CancellationToken cancellationToken)
    {
        writing = Write();
        return Task.CompletedTask;
    }

    private async Task End(CancellationToken cancellationToken)
    {
        await joined.CancelAsync();
        await writing;
    }

    private async Task Write()
    {
        // As often as the others are asked, each time with a fresh look at the table.
        using var timer = new PeriodicTimer(options.Value.ProbeTimeout);
        try
        {
            while (await timer.WaitForNextTickAsync(joined.Token))
            {
                await WriteOnce();
            }
        }
        catch (OperationCanceledException) when (joined.IsCancellationRequested)
        {
        }
    }

    private async Task WriteOnce()
    {
        try
        {
            await members.UpdateIAmAlive(new MembershipEntry
            {
                SiloAddress = self.SiloAddress,
                IAmAliveTime = TimeProvider.System.GetUtcNow().UtcDateTime,
            });
        }
        catch (DbException)
        {
            // The next one is as good, and whoever waits for the database says so.
        }
    }
}
