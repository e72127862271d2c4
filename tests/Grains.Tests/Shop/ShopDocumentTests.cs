using OpenBitum.Access;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Shop;

public sealed class ShopDocumentTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_698_765_300_000);
    private static readonly MerchantId Merchant = new("shop-1");

    [Fact]
    public void A_shop_begins_with_the_defaults_and_what_is_said_of_it()
    {
        var made = Change(null, new ShopFields { Name = Change<string>.To("Corner") }, Now);

        var expected = ShopDocument.Default(Now) with { Name = "Corner" };
        Assert.Equal(expected, made.State!.Document);
        Assert.False(made.State.SlugMoves);
    }

    [Fact]
    public void A_pack_is_stamped_when_it_is_chosen_and_not_when_it_is_sent_again()
    {
        var none = Change(null, new ShopFields(), Now).State!;
        var chosen = Change(none, Pack("hotel"), Now.AddSeconds(1)).State!;
        var again = Change(chosen, Pack("hotel"), Now.AddSeconds(2)).State!;
        var other = Change(again, Pack("retail"), Now.AddSeconds(3)).State!;
        var cleared = Change(other, Pack(null), Now.AddSeconds(4)).State!;

        Assert.Equal(
            [null, 1_698_765_301_000, 1_698_765_301_000, 1_698_765_303_000, null],
            new[] { none, chosen, again, other, cleared }.Select(shop => shop.Document.IndustryPackActivatedAt));
        Assert.Equal(1_698_765_304_000, cleared.Document.UpdatedAt);
        Assert.Equal(1_698_765_300_000, cleared.Document.CreatedAt);
    }

    [Fact]
    public void While_a_slug_moves_the_former_document_is_shown()
    {
        var before = Change(null, new ShopFields { Name = Change<string>.To("Before") }, Now).State!;
        var moving = Change(before, new ShopFields { Slug = Change<string?>.To("corner") }, Now).State!;

        Assert.True(moving.SlugMoves);
        Assert.Equal(before.Document, ShopDocument.View(moving));
        Assert.Equal("corner", ShopDocument.View(ShopDocument.Settle(moving))!.Slug!.Value.Value);
        Assert.Equal(before, ShopDocument.GoBack(moving));

        var first = Change(null, new ShopFields { Slug = Change<string?>.To("corner") }, Now).State!;
        Assert.Null(ShopDocument.View(first));
        Assert.Null(ShopDocument.GoBack(first));
        var settled = ShopDocument.Settle(first);
        Assert.False(Change(settled, new ShopFields { Slug = Change<string?>.To("corner") }, Now).State!.SlugMoves);
        Assert.True(Change(settled, new ShopFields { Slug = Change<string?>.To(null) }, Now).State!.SlugMoves);
    }

    [Fact]
    public void Only_the_document_that_was_seen_is_changed()
    {
        var shop = Change(null, new ShopFields(), Now).State!;
        var seen = ContentTag.Of(shop.Document);

        Assert.Equal(ShopStatus.Done, Decide(shop, seen).Status);
        Assert.Equal(ShopStatus.PreconditionFailed, Decide(shop with { Document = shop.Document with { Bio = "x" } }, seen).Status);
        Assert.Equal(ShopStatus.PreconditionFailed, Decide(null, seen).Status);

        static ShopDecision Decide(ShopState? shop, string seen) =>
            ShopDocument.Decide(shop, new UpdateShop(Merchant, new ShopFields(), ["\"0\"", seen]), Now);
    }

    [Fact]
    public void What_is_wrong_is_refused_whole()
    {
        var refused = Change(null, new ShopFields { Name = Change<string>.To("ok"), Arrangement = Change<string>.To("pile") }, Now);

        Assert.Equal(ShopStatus.Invalid, refused.Status);
        Assert.Null(refused.State);
        Assert.Equal("arrangement", Assert.Single(refused.Problems).Field);
    }

    private static ShopDecision Change(ShopState? shop, ShopFields fields, DateTimeOffset now) =>
        ShopDocument.Decide(shop, new UpdateShop(Merchant, fields, null), now);

    private static ShopFields Pack(string? pack) => new() { IndustryPack = Change<string?>.To(pack) };
}
