
namespace OpenBitum.Webhooks;

public sealed class RetryScheduleTests
{
    private const int Middle = RetrySchedule.HighestRoll / 2;

    private static readonly RetrySchedule Standard = RetrySchedule.Of(new WebhooksOptions());

    [Fact]
    public void There_are_twelve_attempts_over_about_71_hours()
    {
        var delays = Enumerable.Range(1, 11).Select(attempts => Standard.DelayAfter(attempts, null, Middle)!.Value).ToArray();

        Assert.Equal(12, Standard.Attempts);
        Assert.Equal([5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400], delays.Select(delay => delay.Ticks / TimeSpan.TicksPerSecond));
        Assert.Null(Standard.DelayAfter(12, null, Middle));
        Assert.Equal(70, delays.Sum(delay => delay.Ticks) / TimeSpan.TicksPerHour);
    }

    [Theory]
    [InlineData(0, 480)]
    [InlineData(Middle, 600)]
    [InlineData(RetrySchedule.HighestRoll, 720)]
    public void A_delay_strays_by_a_fifth_at_most(int roll, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Standard.DelayAfter(4, null, roll));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(-10, 5)]
    [InlineData(90, 90)]
    [InlineData(86_400, 86_400)]
    [InlineData(86_401, 86_400)]
    [InlineData(int.MaxValue, 86_400)]
    public void Retry_after_stretches_a_step_up_to_a_day_and_never_shortens_it(int askedSeconds, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Standard.DelayAfter(1, TimeSpan.FromSeconds(askedSeconds), Middle));

    [Fact]
    public void Retry_after_does_not_lengthen_the_schedule() =>
        Assert.Null(Standard.DelayAfter(12, TimeSpan.FromSeconds(10), Middle));

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, 3)]
    [InlineData(new[] { 1, 2 }, 3)]
    [InlineData(new[] { 0 }, 1)]
    public void A_zero_in_front_is_the_first_attempt_itself(int[] delays, int attempts) =>
        Assert.Equal(attempts, RetrySchedule.Of(new WebhooksOptions { RetryDelaysSeconds = [.. delays] }).Attempts);
}
