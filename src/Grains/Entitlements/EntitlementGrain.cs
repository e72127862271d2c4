using OpenBitum.Orders;
using OpenBitum.Time;

namespace OpenBitum.Entitlements;

/// <summary>
/// One entitlement. It has no reminder of its own: its order asks again, from its reminder, until it has heard the outcome.
/// </summary>
public sealed class EntitlementGrain(
    [PersistentState("entitlement", "grains")] IPersistentState<EntitlementState> record,
    TimeProvider clock) : Grain, IEntitlementGrain
{
    private IGrainTimer? report;

    public async Task Apply(ApplyEntitlement command)
    {
        await Keep(Entitlement.Decide(record.State, command, clock.Now()));

        // The order is inside a turn that waits for this one, so it is told from another. That one interleaves: it waits for the
        // order, which may be waiting for this grain again by then.
        report ??= this.RegisterGrainTimer(Report, new GrainTimerCreationOptions
        {
            DueTime = TimeSpan.Zero,
            Period = Timeout.InfiniteTimeSpan,
            Interleave = true,
        });
        report.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public Task EraseBuyer(string hash) => Keep(Entitlement.Decide(record.State, hash));

    public Task Suspend(bool suspended) => Keep(Entitlement.Decide(record.State, suspended));

    private Task Report() =>
        record.State is { Asked: { } asked, Outcome: { } outcome }
            ? GrainFactory.GetGrain<IOrderGrain>(asked.Order.Value).Report(outcome)
            : Task.CompletedTask;

    private async Task Keep(EntitlementState next)
    {
        var previous = record.State;
        if (ReferenceEquals(next, previous))
        {
            return;
        }

        record.State = next;
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Whether the write took place may be unknown; only the store can tell, so the next call reads again.
            record.State = previous;
            DeactivateOnIdle();
            throw;
        }
    }
}
