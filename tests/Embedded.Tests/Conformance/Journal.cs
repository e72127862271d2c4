namespace OpenBitum.Conformance;

/// <summary>What grains did, in order, and gates that hold them until the test opens them.</summary>
public sealed class Journal
{
    // Only a failing test waits this long.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly List<string> entries = [];
    private readonly List<(string Entry, int Times, TaskCompletionSource Reached)> waiting = [];
    private readonly Dictionary<string, TaskCompletionSource> gates = [];

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    public void Write(string entry)
    {
        lock (gate)
        {
            entries.Add(entry);
            waiting.RemoveAll(waiter => waiter.Times <= CountOf(waiter.Entry) && waiter.Reached.TrySetResult());
        }
    }

    public int Count(string entry)
    {
        lock (gate)
        {
            return CountOf(entry);
        }
    }

    /// <summary>Ends once the entry has been written so many times.</summary>
    public async Task Until(string entry, int times = 1)
    {
        var reached = NewGate();
        lock (gate)
        {
            if (CountOf(entry) >= times)
            {
                return;
            }

            waiting.Add((entry, times, reached));
        }

        try
        {
            await reached.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{entry}' was not written {times} times. The journal: {string.Join(", ", Entries)}.");
        }
    }

    /// <summary>Ends when the test opens the gate.</summary>
    public Task Gate(string name) => GateOf(name).Task;

    public void Open(string name) => GateOf(name).TrySetResult();

    private int CountOf(string entry) => entries.Count(written => written == entry);

    private TaskCompletionSource GateOf(string name)
    {
        lock (gate)
        {
            return gates.TryGetValue(name, out var found) ? found : gates[name] = NewGate();
        }
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
