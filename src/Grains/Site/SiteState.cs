using System.Collections.Immutable;
using OpenBitum.Outbox;

namespace OpenBitum.Site;

/// <summary>Stored form of what holds for the whole instance.</summary>
public sealed record SiteState
{
    /// <summary>When this instance was started first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while nobody has changed the defaults, so that those of the program in use are in force.</summary>
    public SiteView? Document { get; init; }

    /// <summary>See <see cref="RecentCommands"/>.</summary>
    public ImmutableArray<string> Commands { get; init; } = [];
}
