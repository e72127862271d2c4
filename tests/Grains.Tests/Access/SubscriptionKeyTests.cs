using System.Collections.Immutable;
using OpenBitum.Problems;

namespace OpenBitum.Access;

public sealed class SubscriptionKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MerchantId Merchant = new("m");
    private static readonly SubscriptionKeyId Id = SubscriptionKeyId.New(Now);

    [Theory]
    [InlineData("", "name required")]
    [InlineData(" ", "name required")]
    [InlineData("x", null)]
    public void A_key_needs_a_name(string name, string? problem) => Assert.Equal(problem, Problem(Create(name)));

    [Fact]
    public void A_name_has_a_hundred_characters_at_most()
    {
        Assert.Null(Problem(Create(new string('x', 100))));
        Assert.Equal("name too_long", Problem(Create(new string('x', 101))));
    }

    [Fact]
    public void A_key_needs_scopes_that_exist()
    {
        Assert.Equal("scopes required", Problem(Create("x", [])));
        Assert.Equal("scopes[1] bad_format", Problem(Create("x", KeyScope.ShopRead, "shop:write")));
        Assert.Equal("scopes[0] bad_format", Problem(Create("x", "Shop:Read")));
        Assert.All(KeyScope.All, scope => Assert.Null(Problem(Create("x", scope))));
    }

    [Fact]
    public void Scopes_are_kept_once_each_in_the_order_of_the_contract()
    {
        var made = Made(Create("x", KeyScope.AnalyticsRead, KeyScope.ShopRead, KeyScope.AnalyticsRead));

        Assert.Equal([KeyScope.ShopRead, KeyScope.AnalyticsRead], made.Scopes);
    }

    [Fact]
    public void A_creation_that_is_repeated_takes_the_new_text_and_changes_nothing_else()
    {
        var made = Made(Create("x"));

        var again = SubscriptionKey.Decide(made, Id, Create("y") with { Hash = "other", Hint = "obk_…ther" }, Now.AddHours(1));

        Assert.Equal(made with { Hash = "other", Hint = "obk_…ther" }, again.State);
    }

    [Fact]
    public void An_id_of_somebody_else_or_of_a_revoked_key_is_never_taken_over()
    {
        var made = Made(Create("x"));

        Assert.Equal(
            SubscriptionKeyStatus.NotFound, SubscriptionKey.Decide(made, Id, Create("x") with { Merchant = new("other") }, Now).Status);
        Assert.Equal(
            SubscriptionKeyStatus.NotFound, SubscriptionKey.Decide(made with { Revoked = true }, Id, Create("x"), Now).Status);
    }

    [Fact]
    public void A_key_is_revoked_by_its_merchant_and_once()
    {
        var made = Made(Create("x"));
        var revoked = SubscriptionKey.Revoke(made, Merchant).State!;

        Assert.True(revoked.Revoked);
        Assert.Equal(SubscriptionKeyDecision.Replayed, SubscriptionKey.Revoke(revoked, Merchant));
        Assert.Equal(SubscriptionKeyDecision.NotFound, SubscriptionKey.Revoke(made, new("other")));
        Assert.Equal(SubscriptionKeyDecision.NotFound, SubscriptionKey.Revoke(null, Merchant));
    }

    [Fact]
    public void Only_the_hash_of_its_text_opens_a_key_and_nothing_opens_a_revoked_one()
    {
        var text = SubscriptionKeyText.New(Id);
        var made = Made(Create("x") with { Hash = SubscriptionKeyText.Hash(text) });

        Assert.True(SubscriptionKey.Opens(made, SubscriptionKeyText.Hash(text)));
        Assert.False(SubscriptionKey.Opens(made, SubscriptionKeyText.Hash(SubscriptionKeyText.New(Id))));
        Assert.False(SubscriptionKey.Opens(made, ""));
        Assert.False(SubscriptionKey.Opens(made with { Revoked = true }, SubscriptionKeyText.Hash(text)));
        Assert.False(SubscriptionKey.Opens(null, SubscriptionKeyText.Hash(text)));
    }

    [Fact]
    public void A_text_leads_to_its_id_and_no_two_are_alike()
    {
        var texts = Enumerable.Range(0, 100).Select(_ => SubscriptionKeyText.New(Id)).ToArray();

        Assert.Equal(100, texts.Distinct().Count());
        Assert.All(texts, text =>
        {
            Assert.True(SubscriptionKeyText.TryRead(text, out var id));
            Assert.Equal(Id, id);
            Assert.Equal(70, text.Length);
            Assert.StartsWith($"obk_{Id.Value[4..]}", text, StringComparison.Ordinal);
            Assert.Equal($"obk_…{text[^4..]}", SubscriptionKeyText.Hint(text));
        });
    }

    [Fact]
    public void What_no_key_can_be_is_known_without_a_search()
    {
        var text = SubscriptionKeyText.New(Id);
        string[] wrong =
        [
            "", "obk_", Id.Value, text[..^1], text + "0", text.ToLowerInvariant(), "OBK_" + text[4..], "obk_Z" + text[5..],
            text[..^1] + "U", text[..^1] + "é", " " + text[..^1], text[..^1] + " ",
        ];

        Assert.All(wrong, one => Assert.False(SubscriptionKeyText.TryRead(one, out _), one));
    }

    private static CreateSubscriptionKey Create(string name, params ImmutableArray<string> scopes) =>
        new(Merchant, name, scopes, new string('0', 64), "obk_…0000");

    private static CreateSubscriptionKey Create(string name) => Create(name, KeyScope.ShopRead);

    private static SubscriptionKeyState Made(CreateSubscriptionKey command) => SubscriptionKey.Decide(null, Id, command, Now).State!;

    private static string? Problem(CreateSubscriptionKey command) =>
        SubscriptionKey.Decide(null, Id, command, Now).Problems.Select(problem => $"{problem.Field} {problem.Code}").SingleOrDefault();
}
