using Microsoft.Extensions.Logging;

namespace OpenBitum.Chains;

/// <summary>A listener has stored a snapshot.</summary>
internal sealed record Hearing(PaymentsObserved Told, string Listener, int ConfirmationsWanted);

/// <summary>
/// Tells listeners, many at a time. One that fails is left to retries of its own, which nothing waits for: a broken order never holds
/// the chain. That it has yet to hear is durable in its payments' rows, not here.
/// </summary>
/// <param name="hear">The call of a listener.</param>
internal sealed partial class Hearings(
    string chain, Func<string, PaymentsObserved, Task<Heard>> hear, TimeProvider clock, ILogger logger)
{
    private const int MostRetries = 16;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Failure> failures = new(StringComparer.Ordinal);
    private readonly List<Task> retries = [];
    private List<Hearing> retried = [];

    /// <summary>Tells those that have not failed lately; answers who has heard what.</summary>
    public async Task<IReadOnlyList<Hearing>> Tell(IEnumerable<string> listeners, Func<string, PaymentsObserved> snapshot)
    {
        var waiting = new Queue<string>(listeners.Where(listener => !failures.ContainsKey(listener)));
        var hearings = new List<Hearing>(waiting.Count);
        var lanes = Math.Min(FollowOptions.MostHearing, waiting.Count);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => TellNext()));
        return hearings;

        async Task TellNext()
        {
            while (waiting.TryDequeue(out var listener))
            {
                if (await TellOne(listener, snapshot(listener)) is { } hearing)
                {
                    hearings.Add(hearing);
                }
            }
        }
    }

    /// <summary>Starts the retries that are due, each alone. Their answers come with <see cref="TakeRetried"/>.</summary>
    public void Retry(Func<string, bool> isUnheard, Func<string, PaymentsObserved> snapshot)
    {
        retries.RemoveAll(retry => retry.IsCompleted);
        foreach (var forgotten in failures.Where(failure => !failure.Value.IsBeingTold && !isUnheard(failure.Key)).ToList())
        {
            failures.Remove(forgotten.Key);
        }

        var now = clock.GetUtcNow();
        foreach (var (listener, failure) in failures.ToList())
        {
            if (retries.Count < MostRetries && !failure.IsBeingTold && failure.DueAt <= now)
            {
                failure.IsBeingTold = true;
                retries.Add(RetryOne(listener, snapshot(listener)));
            }
        }
    }

    public IReadOnlyList<Hearing> TakeRetried()
    {
        var taken = retried;
        retried = [];
        return taken;
    }

    /// <summary>Waits for the retries under way.</summary>
    public Task Finish() => Task.WhenAll(retries);

    private async Task RetryOne(string listener, PaymentsObserved told)
    {
        if (await TellOne(listener, told) is { } hearing)
        {
            failures.Remove(listener);
            retried.Add(hearing);
        }
    }

    private async Task<Hearing?> TellOne(string listener, PaymentsObserved told)
    {
        try
        {
            var heard = await hear(listener, told).WaitAsync(FollowOptions.HearTimeout, clock);
            return new Hearing(told, listener, heard.ConfirmationsWanted);
        }
        catch (Exception failure)
        {
            // Any failure of a listener is its own: an outage, a timeout or a bug in it. It is told again until it answers.
            var attempts = (failures.GetValueOrDefault(listener)?.Attempts ?? 0) + 1;
            var wait = TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(attempts - 1, 16)));
            failures[listener] = new Failure(attempts, clock.GetUtcNow() + wait);
            LogUnheard(chain, listener, attempts, failure);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: {Listener} could not hear of its payments, attempt {Attempts}; it is told again")]
    private partial void LogUnheard(string chain, string listener, int attempts, Exception failure);

    private sealed class Failure(int attempts, DateTimeOffset dueAt)
    {
        public int Attempts { get; } = attempts;

        public DateTimeOffset DueAt { get; } = dueAt;

        public bool IsBeingTold { get; set; }
    }
}
