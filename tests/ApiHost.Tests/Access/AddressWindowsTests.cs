using System.Globalization;
using System.Net;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class AddressWindowsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void One_window_is_an_address_or_an_IPv6_network_of_64(string one, string other, bool isShared)
    {
        var windows = new AddressWindows(1, 10);

        Assert.False(windows.Take(IPAddress.Parse(one), Start).Exceeded);

        Assert.Equal(isShared, windows.Spent(IPAddress.Parse(other), Start) is not null);
        Assert.Equal(isShared, windows.Take(IPAddress.Parse(other), Start).Exceeded);
    }

    [Fact]
    public void Asking_whether_a_window_is_spent_counts_nothing()
    {
        var windows = new AddressWindows(2, 10);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(windows.Spent(V4(1), Start)));
        Assert.Equal(0, windows.Count);
        Assert.Equal(new RateStanding(2, 1, 60, false), windows.Take(V4(1), Start));
        Assert.Null(windows.Spent(V4(1), Start));
        Assert.Equal(new RateStanding(2, 0, 60, false), windows.Take(V4(1), Start));
        Assert.Equal(new RateStanding(2, 0, 59, true), windows.Spent(V4(1), Start.AddSeconds(1)));
    }

    [Fact]
    public void A_window_that_is_over_gives_its_room_back()
    {
        var windows = new AddressWindows(1, 1_000);
        for (var number = 0; number < 1_000; number++)
        {
            windows.Take(V4(number), Start.AddMilliseconds(number));
        }

        Assert.Equal(1_000, windows.Count);
        windows.Take(V4(5_000), Start.AddSeconds(60));
        Assert.Equal(1_000, windows.Count);
        windows.Take(V4(5_001), Start.AddSeconds(61));
        Assert.Equal(2, windows.Count);
    }

    [Fact]
    public void A_flood_of_addresses_takes_no_more_room_and_changes_nothing_for_those_who_were_there()
    {
        var windows = new AddressWindows(3, 100);
        var guest = IPAddress.Parse("198.51.100.1");
        windows.Take(guest, Start);
        for (var number = 0; number < 50_000; number++)
        {
            windows.Take(V6(number), Start.AddSeconds(1));
        }

        Assert.Equal(100, windows.Count);
        Assert.Equal(new RateStanding(3, 1, 59, false), windows.Take(guest, Start.AddSeconds(1)));
        Assert.Equal(new RateStanding(3, 0, 59, false), windows.Take(guest, Start.AddSeconds(1)));
        Assert.True(windows.Take(guest, Start.AddSeconds(1)).Exceeded);
    }

    [Fact]
    public void In_a_flood_newcomers_are_counted_with_their_network()
    {
        var windows = new AddressWindows(2, 1);
        windows.Take(V4(0), Start);

        var flood = Enumerable.Range(0, 10).Select(number => windows.Take(V6(number), Start).Exceeded).ToArray();
        Assert.Equal([false, false, .. Enumerable.Repeat(true, 8)], flood);

        // One of the 4096 windows may be shared by chance; of twenty other networks not all are.
        var others = Enumerable.Range(0, 20).Count(number =>
            !windows.Take(IPAddress.Parse($"10.{number.ToString(CultureInfo.InvariantCulture)}.0.1"), Start).Exceeded);
        Assert.True(others > 10, $"only {others} of 20 other networks were let in");
        Assert.False(windows.Take(V6(1), Start.AddSeconds(60)).Exceeded);
    }

    [Fact]
    public void A_clock_that_was_set_back_locks_nobody_out()
    {
        var windows = new AddressWindows(1, 10);
        windows.Take(V4(1), Start);
        windows.Take(V4(2), Start.AddSeconds(30));

        var back = Start.AddSeconds(10);
        Assert.True(windows.Take(V4(1), back).Exceeded);
        Assert.False(windows.Take(V4(2), back).Exceeded);
        Assert.True(windows.Take(V4(2), back).Exceeded);
        Assert.False(windows.Take(V4(1), Start.AddDays(-1)).Exceeded);
        windows.Take(V4(3), Start.AddDays(1));
        Assert.Equal(1, windows.Count);
    }

    [Fact]
    public void Parallel_calls_are_counted_each()
    {
        var windows = new AddressWindows(1_000, 10);
        var taken = 0;

        Parallel.For(0, 4_000, _ =>
        {
            if (!windows.Take(V4(1), Start).Exceeded)
            {
                Interlocked.Increment(ref taken);
            }
        });

        Assert.Equal(1_000, taken);
    }

    private static IPAddress V4(int number) => new([203, 0, (byte)(number >> 8), (byte)number]);

    /// <summary>Another /64 of one /32.</summary>
    private static IPAddress V6(int number) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:{number >> 16:x}:{number & 0xffff:x}::1"));
}
