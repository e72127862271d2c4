using System.Collections.Immutable;

namespace OpenBitum.Outbox;

/// <summary>
/// Ids of the commands that a record has gone through last, written together with what they did. Whoever repeats one, because the
/// process died before it could answer, is told that it is done, whatever has changed since: to be refused for one's own change would
/// look as if another had made it. Enough for all who write to one record within the time that a caller keeps repeating.
/// </summary>
public static class RecentCommands
{
    /// <summary>How many a record keeps.</summary>
    public const int Kept = 16;

    /// <param name="commands">Of the record.</param>
    /// <param name="id">Null for a command that nobody can repeat.</param>
    public static bool Has(this ImmutableArray<string> commands, string? id) => id is not null && commands.Contains(id);

    /// <summary>With one more at the end, and without the eldest when they would be too many.</summary>
    /// <inheritdoc cref="Has"/>
    public static ImmutableArray<string> With(this ImmutableArray<string> commands, string? id) =>
        id is null ? commands : [.. commands.Skip(commands.Length + 1 - Kept), id];
}
