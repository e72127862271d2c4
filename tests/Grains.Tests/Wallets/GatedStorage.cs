using Orleans.Persistence;
using Orleans.Storage;

namespace OpenBitum.Wallets;

/// <summary>Records in memory whose writes a test counts, holds back, and lets fail before or after they took place.</summary>
internal sealed class GatedStorage : IGrainStorage
{
    private readonly InMemoryGrainStorage records = new();
    private TaskCompletionSource? gate;
    private int writes;

    public enum Failure { None, NothingWritten, WrittenUnanswered }

    public int Writes => writes;

    /// <summary>How every write ends until it is set otherwise.</summary>
    public Failure Fails { get; set; }

    /// <summary>Holds writes back until the result is disposed.</summary>
    public IDisposable Hold()
    {
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Release(gate);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        records.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref writes);
        if (gate is { } held)
        {
            await held.Task;
        }

        if (Fails is Failure.NothingWritten)
        {
            throw new IOException("The disk is full.");
        }

        var (state, etag) = (grainState.State, grainState.ETag);
        await records.WriteStateAsync(stateName, grainId, grainState);
        if (Fails is Failure.WrittenUnanswered)
        {
            (grainState.State, grainState.ETag) = (state, etag);
            throw new TimeoutException("The store did not answer.");
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        records.ClearStateAsync(stateName, grainId, grainState);

    private sealed class Release(TaskCompletionSource gate) : IDisposable
    {
        public void Dispose() => gate.TrySetResult();
    }
}
