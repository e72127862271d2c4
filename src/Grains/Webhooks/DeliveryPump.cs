using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenBitum.Json;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Webhooks;

/// <summary>Where deliveries of a subscription go now, and under which key.</summary>
public sealed record Endpoint(Uri Url, ReadOnlyMemory<byte> Key);

/// <summary>What all pumps share.</summary>
public sealed record DeliveryTools(
    IDatabase Database, EndpointClient Client, RetrySchedule Schedule, WebhooksOptions Options, TimeProvider Clock, ILogger<DeliveryPump> Logger);

/// <summary>
/// Moves one subscription's queue: closes what has ended, takes what is due, posts. It lives in the subscription's grain and runs on
/// its scheduler, so its fields need no lock; while it waits for the database or the network, the grain serves its calls.
/// </summary>
/// <param name="webhook">The subscription.</param>
/// <param name="tools">What all pumps share.</param>
/// <param name="merchant">Whose subscription it is.</param>
/// <param name="endpoint">Where to post now; null while the subscription gets nothing.</param>
/// <param name="disable">Told that the endpoint is gone.</param>
/// <param name="wakeIn">Asked to call <see cref="Wake"/> after a while, instead of when it was asked before.</param>
public sealed partial class DeliveryPump(
    string webhook, DeliveryTools tools, Func<string> merchant, Func<Endpoint?> endpoint, Func<Task> disable, Action<TimeSpan> wakeIn)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly DeliveryWindow window = new(tools.Options.ConcurrentPerEndpoint);
    private readonly HashSet<Task> sending = [];
    private readonly List<EndedAttempt> ended = [];
    private readonly CancellationTokenSource giveUp = new();
    private Task turning = Task.CompletedTask;
    private bool isTurning;
    private bool isStopped;
    private bool recovered;
    private bool wanted;
    private bool gone;

    /// <summary>Nothing is on its way or waits to be closed.</summary>
    public bool IsIdle => sending.Count == 0 && ended.Count == 0 && !isTurning && !wanted;

    /// <summary>There may be something to do: looks now, or again once the look that is under way has ended.</summary>
    public void Wake()
    {
        wanted = true;
        if (!isTurning && !isStopped)
        {
            turning = Turns();
        }
    }

    /// <summary>
    /// Takes nothing more, waits a little for what is on its way and closes what has ended. What is left is due again for the
    /// next pump of this subscription.
    /// </summary>
    public async Task Stop(CancellationToken patience)
    {
        isStopped = true;
        try
        {
            await turning.WaitAsync(patience);
            await Task.WhenAll(sending).WaitAsync(StopPatience, tools.Clock, patience);
        }
        catch (Exception impatience) when (impatience is TimeoutException or OperationCanceledException)
        {
            LogLeft(tools.Logger, webhook, sending.Count);
            await giveUp.CancelAsync();
        }

        try
        {
            if (ended.Count > 0)
            {
                await Look(room: 0).WaitAsync(patience);
            }
        }
        catch (Exception failure) when (IsStoreTrouble(failure) || failure is OperationCanceledException)
        {
            LogUnclosed(tools.Logger, webhook, ended.Count, failure);
        }
    }

    private async Task Turns()
    {
        isTurning = true;
        try
        {
            while (wanted && !isStopped)
            {
                wanted = false;
                await Turn();
            }
        }
        catch (Exception failure) when (IsStoreTrouble(failure))
        {
            // What has ended stays in memory and is closed by a later turn.
            LogWaiting(tools.Logger, webhook, failure);
            if (!isStopped)
            {
                wakeIn(StoreRetry);
            }
        }
        finally
        {
            isTurning = false;
        }
    }

    private async Task Turn()
    {
        var target = gone ? null : endpoint();
        var room = target is null ? 0 : Math.Max(0, window.Size - sending.Count);
        if (target is not null && room == 0 && ended.Count == 0 && recovered)
        {
            // Whatever ends next looks again.
            return;
        }

        var turn = await Look(room);
        foreach (var attempt in turn.Started)
        {
            Start(attempt, target!);
        }

        // A full turn may have left rows behind; a short one has seen when the next is due, which may be now by now.
        var delay = turn.NextDueAt - tools.Clock.Now();
        wanted |= (room > 0 && turn.Started.Count == room) || delay <= TimeSpan.Zero;
        if (delay > TimeSpan.Zero && !isStopped)
        {
            wakeIn(delay.Value);
        }

        if (gone)
        {
            await disable();
            gone = false;
        }

        if (endpoint() is null)
        {
            wanted |= await tools.Database.Write(session => DeliveryRows.Disable(session, webhook, tools.Clock.Now()));
        }
    }

    private async Task<DeliveryTurn> Look(int room)
    {
        ImmutableArray<EndedAttempt> closing = [.. ended];
        var request = new DeliveryTurnRequest(webhook, merchant(), !recovered, closing, room, tools.Clock.Now());
        var turn = await tools.Database.Write(session => DeliveryRows.Turn(session, request));
        recovered = true;
        ended.RemoveRange(0, closing.Length);
        return turn;
    }

    private void Start(StartedAttempt attempt, Endpoint target)
    {
        var task = Send(attempt, target);
        sending.Add(task);
        _ = Forget(task);
    }

    private async Task Forget(Task task)
    {
        // An exchange with a fast endpoint may have ended already, without a single wait.
        await task;
        sending.Remove(task);
        Wake();
    }

    private async Task Send(StartedAttempt attempt, Endpoint target)
    {
        var request = SignedRequest.Of(target.Url, target.Key.Span, attempt.Event, attempt.Body, attempt.At);
        var answer = await Post(attempt, request);
        if (answer is null)
        {
            return;
        }

        window.Note(answered: answer.Status is not null);
        gone |= answer.IsGone;
        var roll = RandomNumberGenerator.GetInt32(RetrySchedule.HighestRoll + 1);
        var log = JsonSerializer.Serialize(new DeliveryRequestView(request.Url.OriginalString, request.Headers), WireJson.Options);
        var end = EndedAttempt.Of(attempt, answer, log, tools.Schedule, roll, tools.Clock.Now());
        if (end.Status is DeliveryStatus.Parked)
        {
            LogParked(tools.Logger, attempt.Delivery, webhook, attempt.Number);
        }

        ended.Add(end);
    }

    /// <summary>Null when the pump stops before an answer came: the row stays on its way and is due again for the next pump.</summary>
    private async Task<EndpointAnswer?> Post(StartedAttempt attempt, SignedRequest request)
    {
        try
        {
            return await tools.Client.Post(request, giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception bug)
        {
            // One exchange that breaks in a way nobody thought of must not cost the queue a place for good, so it is that attempt's
            // failure, and is said aloud.
            LogBroken(tools.Logger, attempt.Delivery, webhook, bug);
            return new EndpointAnswer(null, TimeSpan.Zero, "The attempt could not be made.", null);
        }
    }

    private static bool IsStoreTrouble(Exception failure) =>
        failure is DbException or IOException or TimeoutException or OrleansException;
}
