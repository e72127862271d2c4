using System.Collections.Immutable;
using System.Globalization;
using Xunit;

namespace OpenBitum.Outbox;

public sealed class RecentCommandsTests
{
    [Fact]
    public void The_last_ones_are_known_and_older_ones_are_forgotten()
    {
        ImmutableArray<string> commands = [];
        for (var number = 1; number <= RecentCommands.Kept; number++)
        {
            commands = commands.With(number.ToString(CultureInfo.InvariantCulture));
        }

        Assert.True(commands.Has("1"));
        Assert.True(commands.Has($"{RecentCommands.Kept}"));
        Assert.False(commands.Has("0"));

        commands = commands.With("one more");
        Assert.False(commands.Has("1"));
        Assert.True(commands.Has("2"));
        Assert.True(commands.Has("one more"));
        Assert.Equal(RecentCommands.Kept, commands.Length);
    }

    [Fact]
    public void What_nobody_can_repeat_is_not_kept()
    {
        ImmutableArray<string> commands = ["a"];

        Assert.Equal(commands, commands.With(null));
        Assert.False(commands.Has(null));
    }
}
