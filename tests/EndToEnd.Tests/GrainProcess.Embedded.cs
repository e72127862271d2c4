namespace OpenBitum.EndToEnd;

/// <summary>What runs beside an API host: here nothing, since the grains live and die with it.</summary>
internal sealed class GrainProcess : IAsyncDisposable
{
    /// <summary>Why the program cannot run on this machine; null when it can.</summary>
    public static string? Missing => null;

    /// <summary>What the host is told of it.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <param name="settings">The host's own.</param>
    /// <param name="say">Takes each line that is printed.</param>
    public Task Start(IReadOnlyDictionary<string, string> settings, Action<string?> say) => Task.CompletedTask;

    public Task Kill() => Task.CompletedTask;

    /// <summary>SIGTERM; answers the exit code.</summary>
    public Task<int> Stop() => Task.FromResult(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
