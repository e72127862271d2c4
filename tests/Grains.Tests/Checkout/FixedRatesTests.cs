using Microsoft.Extensions.Configuration;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Settings;
using Xunit;

namespace OpenBitum.Checkout;

public sealed class FixedRatesTests
{
    private static readonly Asset Usd = Asset.Currency("USD")!;

    [Fact]
    public void A_rate_of_the_configuration_is_exact()
    {
        var rates = new FixedRates(Read<RatesOptions>("Rates", out _, ("Rates:Fixed:BTC:USD", "60000.123456789012345678")));

        Assert.Equal(("60000.123456789012345678", "fixed"), (rates.Find(Asset.Bitcoin, Usd)!.ToDecimal(), rates.Find(Asset.Bitcoin, Usd)!.Source));
        Assert.Null(rates.Find(Asset.Bitcoin, Asset.Currency("EUR")!));
        Assert.Null(rates.Find(Asset.Litecoin, Usd));
    }

    [Fact]
    public void An_asset_needs_no_rate_in_itself()
    {
        var rates = new FixedRates(new RatesOptions());

        Assert.Equal(new Amount(Asset.Litecoin, 5), rates.Find(Asset.Litecoin, Asset.Litecoin)!.ConvertRoundingUp(new Amount(Asset.Litecoin, 5)));
        Assert.Null(rates.Find(Asset.Litecoin, Asset.Bitcoin));
    }

    [Fact]
    public void Play_money_is_worth_one_of_any_currency_unless_somebody_says_otherwise()
    {
        Assert.Equal("19.9", new FixedRates(new RatesOptions()).Find(Asset.Sandbox, Usd)!.ConvertRoundingUp(new Amount(Usd, 1_990)).ToDecimal());
        Assert.Null(new FixedRates(new RatesOptions()).Find(Asset.Sandbox, Asset.Bitcoin));

        var rates = new FixedRates(Read<RatesOptions>("Rates", out _, ("Rates:Fixed:SANDBOX:USD", "2")));
        Assert.Equal("2", rates.Find(Asset.Sandbox, Usd)!.ToDecimal());
    }

    [Theory]
    [InlineData("Rates:Fixed:BTC:USD", "0")]
    [InlineData("Rates:Fixed:BTC:USD", "-1")]
    [InlineData("Rates:Fixed:BTC:USD", "6e4")]
    [InlineData("Rates:Fixed:BTC:USD", "0.0000000000000000001")]
    [InlineData("Rates:Fixed:BTC:GOLD", "1")]
    [InlineData("Rates:Fixed:DOGE", null)]
    public void A_wrong_rate_is_refused_by_its_key(string key, string? value)
    {
        Read<RatesOptions>("Rates", out var problems, value is null ? ($"{key}:USD", "1") : (key, value));

        Assert.Equal(key, problems.Single().Key);
    }

    [Theory]
    [InlineData("TtlSeconds", "1", true)]
    [InlineData("TtlSeconds", "0", false)]
    [InlineData("TtlSeconds", "604800", true)]
    [InlineData("TtlSeconds", "604801", false)]
    [InlineData("LateWindowSeconds", "0", true)]
    [InlineData("LateWindowSeconds", "-1", false)]
    [InlineData("UnderpaymentTolerancePct", "0.1234", true)]
    [InlineData("UnderpaymentTolerancePct", "0.12345", false)]
    [InlineData("UnderpaymentTolerancePct", "99", true)]
    [InlineData("UnderpaymentTolerancePct", "99.1", false)]
    [InlineData("UnderpaymentTolerancePct", "-0.1", false)]
    public void Terms_are_held_to_their_bounds(string name, string value, bool isTaken)
    {
        Read<OrdersOptions>("Orders", out var problems, ($"Orders:{name}", value));

        Assert.Equal(isTaken ? [] : [$"Orders:{name}"], problems.Select(problem => problem.Key));
    }

    private static T Read<T>(string section, out IReadOnlyList<SettingProblem> problems, params (string Key, string Value)[] values)
        where T : class, new()
    {
        var reader = new SettingsReader();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Build();
        var settings = reader.Read<T>(configuration, section);
        problems = reader.Problems;
        return settings;
    }
}
