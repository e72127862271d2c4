using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Problems;

namespace OpenBitum.Catalog;

public sealed class ProductTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2025-11-21T16:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly MerchantId Merchant = new("shop-1");
    private static readonly MerchantId Stranger = new("shop-2");
    private static readonly ProductId Id = new("prd_01JD0000000000000000000001");

    private static readonly ProductFields Least = new()
    {
        Name = Change<string>.To("Course"),
        Price = Change<Amount>.To(new Amount(Asset.Currency("USD")!, 1_990)),
    };

    public static TheoryData<string, ProductFields, string?> Bounds { get; } = new()
    {
        { "name of 1", Least with { Name = Text(1) }, null },
        { "name of 200", Least with { Name = Text(200) }, null },
        { "name of 201", Least with { Name = Text(201) }, "name too_long" },
        { "blank name", Least with { Name = Change<string>.To("  ") }, "name required" },
        { "no name", Least with { Name = default }, "name required" },
        { "description of 10,000", Least with { Description = Text(10_000) }, null },
        { "description of 10,001", Least with { Description = Text(10_001) }, "description too_long" },
        { "no price", Least with { Price = default }, "price required" },
        { "price of one atom", Least with { Price = Change<Amount>.To(new Amount(Asset.Bitcoin, 1)) }, null },
        { "price of nothing", Least with { Price = Change<Amount>.To(Amount.Zero(Asset.Bitcoin)) }, "price.amount out_of_range" },
        { "20 images", Least with { Images = Images(20, "/a.png") }, null },
        { "21 images", Least with { Images = Images(21, "/a.png") }, "images out_of_range" },
        { "https image", Least with { Images = Images(1, "https://cdn.example/a.png") }, null },
        { "http image", Least with { Images = Images(1, "http://cdn.example/a.png") }, "images[0] bad_format" },
        { "script image", Least with { Images = Images(1, "javascript:alert(1)") }, "images[0] bad_format" },
        { "image on another host", Least with { Images = Images(1, "//evil.example/a.png") }, "images[0] bad_format" },
        { "image behind a backslash", Least with { Images = Images(1, "/\\evil.example/a.png") }, "images[0] bad_format" },
        { "stock of 0", Least with { Stock = Change<long?>.To(0) }, null },
        { "stock of -1", Least with { Stock = Change<long?>.To(-1) }, "stock out_of_range" },
        { "uncounted stock", Least with { Stock = Change<long?>.To(null) }, null },
        { "ttl of 1 s", Least with { TtlSeconds = Change<int?>.To(1) }, null },
        { "ttl of 0 s", Least with { TtlSeconds = Change<int?>.To(0) }, "ttlSeconds out_of_range" },
        { "ttl of a week", Least with { TtlSeconds = Change<int?>.To(604_800) }, null },
        { "ttl of a week and a second", Least with { TtlSeconds = Change<int?>.To(604_801) }, "ttlSeconds out_of_range" },
        { "record entitlement", Least with { Entitlements = Grants(1, "record", "course-101", null) }, null },
        { "entitlement with a link", Least with { Entitlements = Grants(1, "record", "k", "https://a.example/x") }, null },
        { "entitlement with an open link", Least with { Entitlements = Grants(1, "record", "k", "http://a.example/x") }, "entitlements[0].url bad_format" },
        { "unknown handler", Least with { Entitlements = Grants(1, "email", "k", null) }, "entitlements[0].handler bad_format" },
        { "no key", Least with { Entitlements = Grants(1, "record", "", null) }, "entitlements[0].key required" },
        { "key of 201", Least with { Entitlements = Grants(1, "record", new string('k', 201), null) }, "entitlements[0].key too_long" },
        { "20 entitlements", Least with { Entitlements = Grants(20, "record", "k", null) }, null },
        { "21 entitlements", Least with { Entitlements = Grants(21, "record", "k", null) }, "entitlements out_of_range" },
        { "50 pairs", Least with { Metadata = Pairs(50, 40, 500) }, null },
        { "51 pairs", Least with { Metadata = Pairs(51, 40, 500) }, "metadata out_of_range" },
        { "metadata key of 41", Least with { Metadata = Pairs(1, 41, 1) }, "metadata out_of_range" },
        { "metadata value of 501", Least with { Metadata = Pairs(1, 2, 501) }, "metadata.01 too_long" },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_field_is_taken_up_to_its_bound_and_refused_by_name_behind_it(string what, ProductFields fields, string? problem)
    {
        var decision = Product.Decide(null, Id, new CreateProduct(Merchant, fields), Now);

        var problems = decision.Problems.Select(one => $"{one.Field} {one.Code}").ToArray();
        Assert.True(problems.SequenceEqual(problem is null ? [] : [problem]), $"{what}: {string.Join(", ", problems)}");
        Assert.Equal(problem is null ? ProductStatus.Done : ProductStatus.Invalid, decision.Status);
    }

    [Fact]
    public void An_unknown_handler_is_refused_with_the_names_of_those_there_are()
    {
        var fields = Least with { Entitlements = Grants(1, "email", "k", null) };

        var problem = Assert.Single(Product.Decide(null, Id, new CreateProduct(Merchant, fields), Now).Problems);

        Assert.Equal(FieldProblemCode.BadFormat, problem.Code);
        Assert.Contains("record", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_product_is_active_uncounted_and_bare()
    {
        var view = Product.View(Created());

        Assert.True(view.Active);
        Assert.Null(view.Stock);
        Assert.Equal("", view.Description);
        Assert.Empty(view.Images);
        Assert.Empty(view.Entitlements);
        Assert.Equal((Now, Now, 1L), (view.CreatedAt, view.UpdatedAt, view.Version));
    }

    [Fact]
    public void Creating_twice_changes_nothing_and_another_merchant_learns_nothing()
    {
        Assert.Equal(ProductDecision.Replayed, Product.Decide(Created(), Id, new CreateProduct(Merchant, Least), Now));
        Assert.Equal(ProductStatus.NotFound, Product.Decide(Created(), Id, new CreateProduct(Stranger, Least), Now).Status);
    }

    [Fact]
    public void An_update_changes_what_it_names_and_keeps_the_rest()
    {
        var later = Now.AddMinutes(1);
        var fields = new ProductFields { Stock = Change<long?>.To(7), Description = Change<string>.To("Two hours") };

        var changed = Product.Decide(Created(), new UpdateProduct(Merchant, fields, 1), later).State!;

        Assert.Equal(("Course", "Two hours", 7L, 2L), (changed.Name, changed.Description, changed.Stock, changed.Revision));
        Assert.Equal((Now, later), (changed.CreatedAt, changed.UpdatedAt));
        Assert.Null(Product.Decide(changed, new UpdateProduct(Merchant, new ProductFields { Stock = Change<long?>.To(null) }, null), later).State!.Stock);
    }

    [Fact]
    public void A_version_that_was_overtaken_is_refused_before_its_fields_are_read()
    {
        var wrong = new ProductFields { Name = Change<string>.To("") };

        Assert.Equal(ProductStatus.PreconditionFailed, Product.Decide(Created(), new UpdateProduct(Merchant, wrong, 2), Now).Status);
        Assert.Equal(ProductStatus.PreconditionFailed, Product.Decide(Created(), new DeleteProduct(Merchant, 2), Now).Status);
    }

    [Fact]
    public void A_deleted_product_is_kept_but_neither_sold_nor_changed()
    {
        var deleted = Product.Decide(Created(), new DeleteProduct(Merchant, 1), Now).State!;

        Assert.True(Product.View(deleted).Deleted);
        Assert.Null(Product.Offer(deleted));
        Assert.Equal(ProductStatus.NotFound, Product.Decide(deleted, new UpdateProduct(Merchant, Least, null), Now).Status);
        Assert.Equal(ProductDecision.Replayed, Product.Decide(deleted, new DeleteProduct(Merchant, 1), Now));
    }

    [Fact]
    public void Another_merchants_product_is_not_found()
    {
        Assert.Equal(ProductStatus.NotFound, Product.Decide(Created(), new UpdateProduct(Stranger, Least, null), Now).Status);
        Assert.Equal(ProductStatus.NotFound, Product.Decide(Created(), new DeleteProduct(Stranger, null), Now).Status);
        Assert.Equal(ProductStatus.NotFound, Product.Decide(null, new DeleteProduct(Merchant, null), Now).Status);
    }

    [Fact]
    public void An_inactive_product_is_not_offered()
    {
        var inactive = Product.Decide(Created(), new UpdateProduct(Merchant, new ProductFields { Active = Change<bool>.To(false) }, null), Now);

        Assert.NotNull(Product.Offer(Created()));
        Assert.Null(Product.Offer(inactive.State));
    }

    [Fact]
    public void What_anybody_may_see_has_no_metadata_and_no_entitlements()
    {
        var fields = Least with { Metadata = Pairs(1, 5, 5), Entitlements = Grants(1, "record", "k", null) };
        var product = Product.Decide(null, Id, new CreateProduct(Merchant, fields), Now).State!;

        var json = System.Text.Json.JsonSerializer.Serialize(PublicProductView.Of(Product.View(product)), WireJson.Options);

        Assert.Equal(
            """{"id":"prd_01JD0000000000000000000001","name":"Course","description":"","price":{"amount":"19.90","currency":"USD"},"images":[],"stock":null,"active":true,"createdAt":"2025-11-21T16:00:00.000Z","updatedAt":"2025-11-21T16:00:00.000Z"}""",
            json);
    }

    private static ProductState Created() => Product.Decide(null, Id, new CreateProduct(Merchant, Least), Now).State!;

    private static Change<string> Text(int length) => Change<string>.To(new string('x', length));

    private static Change<ImmutableArray<string>> Images(int count, string url) =>
        Change<ImmutableArray<string>>.To([.. Enumerable.Repeat(url, count)]);

    private static Change<ImmutableArray<ProductEntitlement>> Grants(int count, string handler, string key, string? url) =>
        Change<ImmutableArray<ProductEntitlement>>.To([.. Enumerable.Repeat(new ProductEntitlement(handler, key, url), count)]);

    [Fact]
    public void Metadata_is_merged_pair_by_pair_and_counted_together()
    {
        var product = Product.Decide(null, Id, new CreateProduct(Merchant, Least with { Metadata = Pairs(50, 2, 1) }), Now).State!;
        var more = ImmutableSortedDictionary<string, string?>.Empty.Add("new", "x");

        Assert.Equal(ProductStatus.Invalid, Change(more).Status);
        var changed = Change(more.Add("01", null).Add("02", "y")).State!;

        Assert.Equal(50, changed.Metadata.Count);
        Assert.False(changed.Metadata.ContainsKey("01"));
        Assert.Equal("y", changed.Metadata["02"]);
        Assert.Equal("v", changed.Metadata["03"]);

        ProductDecision Change(ImmutableSortedDictionary<string, string?> pairs) => Product.Decide(
            product,
            new UpdateProduct(Merchant, new ProductFields { Metadata = Change<ImmutableSortedDictionary<string, string?>>.To(pairs) }, null),
            Now);
    }

    private static Change<ImmutableSortedDictionary<string, string?>> Pairs(int count, int keyLength, int valueLength) =>
        Change<ImmutableSortedDictionary<string, string?>>.To(Enumerable.Range(1, count).ToImmutableSortedDictionary(
            number => number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(keyLength, '0'),
            string? (_) => new string('v', valueLength)));
}
