using System.Globalization;
using Xunit;

namespace OpenBitum.Money;

public sealed class FractionTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("0.4999999999999999999999999999", 0, 0)]
    [InlineData("0.5", 0, 1)]
    [InlineData("1.0", 1, 1)]
    [InlineData("1.4", 1, 1)]
    [InlineData("1.5", 1, 2)]
    [InlineData("1.9999999999999999999999999999", 1, 2)]
    [InlineData("79228162514264337593.543950335", 0, 0)]
    public void A_half_goes_up_and_down_means_down(string number, long down, long nearest)
    {
        var value = decimal.Parse(number, CultureInfo.InvariantCulture);
        var fraction = Fraction.Of(value);

        Assert.Equal(value > 2 ? (System.Numerics.BigInteger)decimal.Floor(value) : down, fraction.RoundDown());
        Assert.Equal(value > 2 ? (System.Numerics.BigInteger)decimal.Round(value, 0) : nearest, fraction.RoundHalfUp());
    }

    [Fact]
    public void Steps_in_a_row_lose_nothing()
    {
        var third = Fraction.Of(1m) / Fraction.Of(3m);

        Assert.Equal(1, (third * Fraction.Of(3m)).RoundDown());
        Assert.Equal(0, (third * Fraction.Of(2.999999m)).RoundDown());
    }

    [Fact]
    public void An_amount_and_a_rate_count_in_whole_units()
    {
        Assert.True(Rate.TryParse("60000.5", Asset.Bitcoin, Asset.Currency("USD")!, "fixed", out var rate));

        var dollars = Fraction.Of(new Amount(Asset.Bitcoin, 200_000_000)) * Fraction.Of(rate);

        Assert.Equal(120_001, dollars.RoundDown());
    }
}
