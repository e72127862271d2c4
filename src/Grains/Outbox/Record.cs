using System.Collections.Immutable;

namespace OpenBitum.Outbox;

/// <summary>Stored form of a grain that publishes: its state and the events nobody has been told of, in one record.</summary>
public sealed record Record<TState>
    where TState : class
{
    /// <summary>Null until the first commit.</summary>
    public TState? State { get; init; }

    /// <summary>Grows by one with every write; rows of the read model carry it.</summary>
    public long Version { get; init; }

    public ImmutableArray<OutgoingEvent> Outbox { get; init; } = [];
}
