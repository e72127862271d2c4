using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Site;

public sealed class SiteDocumentTests
{
    private static readonly ImmutableArray<string> Tokens = ["BTC", "LTC"];
    private static readonly SiteView Default = SiteDocument.Default(Tokens);

    [Fact]
    public void The_default_token_is_that_of_the_first_chain_or_one_of_the_contract()
    {
        Assert.Equal("BTC", Default.DefaultPaymentToken);
        Assert.Equal("ETH", SiteDocument.Default([]).DefaultPaymentToken);
    }

    [Theory]
    [InlineData("ETH", true)]
    [InlineData("USDC", true)]
    [InlineData("USDT", true)]
    [InlineData("cbBTC", true)]
    [InlineData("cbXRP", true)]
    [InlineData("BTC", true)]
    [InlineData("LTC", true)]
    [InlineData("SOL", false)]
    [InlineData("btc", false)]
    [InlineData("", false)]
    public void The_default_token_is_one_that_is_known(string token, bool isFine) =>
        Check(isFine, "defaultPaymentToken", new SiteFields { DefaultPaymentToken = Change<string>.To(token) });

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0.0001", false)]
    [InlineData("100", true)]
    [InlineData("100.0001", false)]
    [InlineData("2.9999", true)]
    [InlineData("2.99999", false)]
    public void A_fee_is_0_to_100_percent(string pct, bool isFine) =>
        Check(isFine, "processingFeePct", new SiteFields { ProcessingFeePct = Change<decimal?>.To(Number(pct)) });

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0.00000001", false)]
    [InlineData("1", true)]
    [InlineData("1.00000001", false)]
    [InlineData("1.000000000000", true)]
    [InlineData("0.000000001", false)]
    public void A_share_is_0_to_1(string ratio, bool isFine) => Check(isFine, "reserveRatios.BTC", Ratios(("BTC", ratio)));

    [Theory]
    [InlineData("0.7", true)]
    [InlineData("0.70000001", false)]
    public void Shares_are_1_in_all_at_most(string ratio, bool isFine)
    {
        var before = Decide(Default, Ratios(("BTC", "0.3"))).Document!;

        var decision = Decide(before, Ratios(("ETH", ratio)));

        Assert.Equal(isFine ? [] : ["reserveRatios"], decision.Problems.Select(problem => problem.Field));
        Assert.Equal(isFine ? SiteStatus.Done : SiteStatus.Invalid, decision.Status);
    }

    [Fact]
    public void Tokens_merge_one_by_one()
    {
        var site = Decide(Default, Ratios(("BTC", "0.5"), ("ETH", "0.5"))).Document!;
        site = Decide(site, Ratios(("BTC", null), ("LTC", "0.25"))).Document!;
        Assert.Equal([("ETH", 0.5m), ("LTC", 0.25m)], site.ReserveRatios!.Select(ratio => (ratio.Key, ratio.Value)));

        site = Decide(site, new SiteFields { ReserveRatios = Change<ImmutableSortedDictionary<string, decimal?>?>.To(null) }).Document!;
        Assert.Null(site.ReserveRatios);
        Assert.Equal(["reserveRatios"], Decide(site, Ratios(("GOLD", "0"))).Problems.Select(problem => problem.Field));
    }

    [Fact]
    public void Each_part_of_the_theme_has_its_rule()
    {
        var wrong = Change<string>.To("red;\n");
        var problems = SiteRules.Of(
            new SiteFields
            {
                Theme = new SiteThemeFields
                {
                    PrimaryColor = wrong, SecondaryColor = wrong, BrandLogoUrl = wrong, BrandFaviconUrl = wrong, BrandName = wrong,
                    FontFamily = wrong, ReceiptBackgroundUrl = wrong,
                },
            },
            Tokens);

        Assert.Equal(
            typeof(SiteThemeFields).GetProperties().Select(field => $"theme.{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}"),
            problems.Select(problem => problem.Field));
    }

    [Fact]
    public void Only_the_document_that_was_seen_is_changed()
    {
        var seen = ContentTag.Of(Default);

        Assert.Equal(SiteStatus.Done, SiteDocument.Decide(Default, new UpdateSite(new SiteFields(), ["\"0\"", seen]), Tokens).Status);
        Assert.Equal(
            SiteStatus.PreconditionFailed,
            SiteDocument.Decide(Default with { ProcessingFeePct = 1 }, new UpdateSite(new SiteFields(), ["\"0\"", seen]), Tokens).Status);
    }

    private static SiteDecision Decide(SiteView site, SiteFields fields) => SiteDocument.Decide(site, new UpdateSite(fields, null), Tokens);

    private static SiteFields Ratios(params (string Token, string? Ratio)[] ratios) => new()
    {
        ReserveRatios = Change<ImmutableSortedDictionary<string, decimal?>?>.To(
            ratios.ToImmutableSortedDictionary(pair => pair.Token, pair => pair.Ratio is null ? null : (decimal?)Number(pair.Ratio), StringComparer.Ordinal)),
    };

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static void Check(bool isFine, string field, SiteFields fields) =>
        Assert.Equal(isFine ? [] : [field], SiteRules.Of(fields, Tokens).Select(problem => problem.Field));
}
