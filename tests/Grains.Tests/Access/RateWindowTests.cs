namespace OpenBitum.Access;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_window_takes_its_limit_and_not_one_more()
    {
        var window = default(RateWindow);
        for (var left = 2; left >= 0; left--)
        {
            (window, var standing) = window.Take(3, Start);
            Assert.Equal(new RateStanding(3, left, 60, false), standing);
        }

        (var after, var refused) = window.Take(3, Start);
        Assert.Equal(new RateStanding(3, 0, 60, true), refused);
        Assert.Equal(window, after);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 60)]
    [InlineData(999, 60)]
    [InlineData(1_000, 59)]
    [InlineData(59_000, 1)]
    [InlineData(59_999, 1)]
    public void The_seconds_that_are_left_are_rounded_up(int afterMilliseconds, int resetSeconds)
    {
        var (window, _) = default(RateWindow).Take(5, Start);

        var (_, standing) = window.Take(5, Start + TimeSpan.FromMilliseconds(afterMilliseconds));

        Assert.Equal(new RateStanding(5, 3, resetSeconds, false), standing);
    }

    [Fact]
    public void A_window_ends_sixty_seconds_after_its_first_call_however_often_it_was_refused()
    {
        var (window, _) = default(RateWindow).Take(1, Start);
        for (var second = 1; second < 60; second++)
        {
            (window, var refused) = window.Take(1, Start + TimeSpan.FromSeconds(second));
            Assert.True(refused.Exceeded);
        }

        Assert.True(window.Take(1, Start + TimeSpan.FromMilliseconds(59_999)).Standing.Exceeded);
        Assert.Equal(new RateStanding(1, 0, 60, false), window.Take(1, Start + TimeSpan.FromSeconds(60)).Standing);
    }

    [Fact]
    public void A_clock_that_was_set_back_begins_a_new_window()
    {
        var (window, _) = default(RateWindow).Take(1, Start);

        Assert.False(window.Take(1, Start - TimeSpan.FromHours(1)).Standing.Exceeded);
    }
}
