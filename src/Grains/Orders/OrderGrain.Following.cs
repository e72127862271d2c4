namespace OpenBitum.Orders;

public sealed partial class OrderGrain
{
    /// <summary>Each holds a little memory here; whoever comes after is answered at once and asks again.</summary>
    private const int MostFollowers = 100;

    /// <summary>Well under the time after which a call is given up.</summary>
    private static readonly TimeSpan FollowersPatience = TimeSpan.FromSeconds(20);

    // Null while nobody waits.
    private TaskCompletionSource? change;
    private int followers;

    public async Task<BuyerOrderView?> Next(long version, CancellationToken cancellationToken)
    {
        if (WrittenView()?.Version == version && followers < MostFollowers)
        {
            followers++;
            try
            {
                change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await change.Task.WaitAsync(FollowersPatience, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Nothing has changed; whoever still wants to know asks again.
            }
            finally
            {
                followers--;
            }
        }

        return WrittenView();
    }

    private void TellFollowers()
    {
        change?.TrySetResult();
        change = null;
    }

    /// <summary>A grain goes when no call is left in it, and until then nobody else may come in its place: those who wait go first.</summary>
    private void Leave()
    {
        TellFollowers();
        DeactivateOnIdle();
    }

    /// <summary>Somebody guesses ids, or a checkout was refused: what stands for nothing need not stay in memory.</summary>
    private void LeaveIfUnknown()
    {
        if (outbox.State is null)
        {
            Leave();
        }
    }

    /// <summary>Made of what is on disk: a commit may be under way, and may fail.</summary>
    private BuyerOrderView? WrittenView()
    {
        var written = outbox.Written;
        if (buyerView?.Version != written.Version)
        {
            buyerView = written.State is { Status: not OrderStatus.Draft } order ? OrderViews.ForBuyer(order, written.Version) : null;
        }

        return buyerView;
    }
}
