namespace OpenBitum.Chains;

/// <summary>A record in memory that keeps apart what was written.</summary>
internal sealed class FollowerRecord : IPersistentState<FollowerState>
{
    private FollowerState written = new();

    public bool Refuses { get; set; }

    public FollowerState State { get; set; } = new();

    public string? Etag => null;

    public bool RecordExists => true;

    /// <summary>What a new activation finds.</summary>
    public void Forget() => State = written;

    public Task ClearStateAsync() => throw new NotSupportedException();

    public Task ClearStateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReadStateAsync()
    {
        State = written;
        return Task.CompletedTask;
    }

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    public Task WriteStateAsync()
    {
        written = Refuses ? throw new IOException("The disk is full.") : State;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();
}
