using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Outbox;

namespace OpenBitum.Webhooks;

public sealed class WebhookTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly EndpointPolicy Policy = new(IsLocal: false, PrivateHosts: []);
    private static readonly WebhookId Id = new("whk_01JD0000000000000000000001");
    private static readonly MerchantId Merchant = new("shop");
    private static readonly CreateWebhook Creation = new(Merchant, "https://shop.example/hook", [EventType.OrderPaid], null);

    [Theory]
    [InlineData("*", null)]
    [InlineData("order.paid order.expired", null)]
    [InlineData("order.paid order.paid", null)]
    [InlineData("", "events required")]
    [InlineData("order.paid order.eaten", "events[1] bad_format")]
    [InlineData("* order.paid", "events[0] bad_format")]
    [InlineData("webhook.test", "events[0] bad_format")]
    public void A_subscription_names_events_or_all(string events, string? problem)
    {
        var command = Creation with { Events = [.. events.Split(' ', StringSplitOptions.RemoveEmptyEntries)] };

        var decision = Webhook.Decide(null, Id, command, Policy, null, Now);

        Assert.Equal(problem, decision.Problems.Select(one => $"{one.Field} {one.Code}").SingleOrDefault());
        Assert.Equal(problem is null ? WebhookStatus.Done : WebhookStatus.Invalid, decision.Status);
    }

    [Fact]
    public void Events_named_twice_are_kept_once() =>
        Assert.Equal(
            [EventType.OrderPaid],
            Webhook.Decide(null, Id, Creation with { Events = [EventType.OrderPaid, EventType.OrderPaid] }, Policy, null, Now).State!.Events);

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, "too_long")]
    public void A_description_has_at_most_200_characters(int length, string? code) =>
        Assert.Equal(code, Webhook.Decide(null, Id, Creation with { Description = new string('d', length) }, Policy, null, Now)
            .Problems.SingleOrDefault()?.Code);

    [Theory]
    [InlineData("Shop – Kasse 1 \U0001F600", null)]
    [InlineData("two\nlines", "bad_format")]
    [InlineData("bell\u0007", "bad_format")]
    [InlineData("turned \u202Etxet", "bad_format")]
    public void A_description_is_one_line(string description, string? code)
    {
        var created = Webhook.Decide(null, Id, Creation with { Description = description }, Policy, null, Now);

        (string, string)[] expected = code is null ? [] : [("description", code)];
        Assert.Equal(expected, created.Problems.Select(problem => (problem.Field, problem.Code)));
    }

    [Fact]
    public void Creating_twice_changes_nothing_and_another_merchant_learns_nothing()
    {
        Assert.Equal(WebhookDecision.Replayed, Webhook.Decide(Created(), Id, Creation, Policy, null, Now));
        Assert.Equal(WebhookDecision.NotFound, Webhook.Decide(Created(), Id, Creation with { Merchant = new MerchantId("other") }, Policy, null, Now));
    }

    [Fact]
    public void An_update_checks_what_it_writes_and_keeps_the_rest()
    {
        var changed = Webhook.Decide(Created(), Update() with { Events = Change<ImmutableArray<string>>.To(["*"]) }, Policy).State!;

        Assert.Equal(("https://shop.example/hook", "*"), (changed.Url, changed.Events.Single()));
        Assert.Equal("unsafe_url", Webhook.Decide(Created(), Update() with { Url = Change<string>.To("http://shop.example/") }, Policy).Problems.Single().Code);
        Assert.Equal(WebhookStatus.Done, Webhook.Decide(Created() with { Url = "http://127.0.0.1/" }, Update() with { Active = Change<bool>.To(false) }, Policy).Status);
        Assert.Equal(
            WebhookStatus.Done,
            Webhook.Decide(Created() with { Description = new string('d', 201) }, Update() with { Active = Change<bool>.To(false) }, Policy).Status);
    }

    [Fact]
    public void A_deleted_subscription_is_not_found_and_gets_nothing()
    {
        var deleted = Webhook.Delete(Created(), Merchant).State!;

        Assert.False(deleted.Active);
        Assert.False(Webhook.IsOf(deleted, Merchant));
        Assert.Equal(WebhookDecision.NotFound, Webhook.Decide(deleted, Update(), Policy));
        Assert.Equal(WebhookDecision.Replayed, Webhook.Delete(deleted, Merchant));
        Assert.Equal(WebhookDecision.NotFound, Webhook.Delete(deleted, new MerchantId("other")));
    }

    [Fact]
    public void An_endpoint_that_is_gone_is_disabled_once()
    {
        var disabled = Webhook.Disable(Created()).State!;

        Assert.False(disabled.Active);
        Assert.Equal(WebhookDecision.Replayed, Webhook.Disable(disabled));
        Assert.True(Webhook.Decide(disabled, Update() with { Active = Change<bool>.To(true) }, Policy).State!.Active);
    }

    [Fact]
    public void Operators_endpoints_sign_with_the_instances_secret_and_everybody_else_with_their_own()
    {
        var secret = new OperatorSecret("openbitum_test_secret_0123456789");
        var keys = new WebhookKeys(Merchant, () => secret);
        var own = WebhookSecret.NewKey();

        Assert.Null(keys.NewKeyFor(Merchant));
        Assert.Equal(32, keys.NewKeyFor(new MerchantId("tenant"))!.Length);
        Assert.Equal("whsec_b3BlbmJpdHVtX3Rlc3Rfc2VjcmV0XzAxMjM0NTY3ODk=", WebhookSecret.Show(keys.KeyOf(Created()).Span));
        Assert.Equal(own, keys.KeyOf(Created() with { Key = Convert.ToBase64String(own) }).ToArray());
    }

    [Fact]
    public void A_store_of_secrets_that_failed_once_is_asked_again()
    {
        var asked = 0;
        var keys = new WebhookKeys(
            Merchant, () => asked++ == 0 ? throw new IOException("The store is away.") : new OperatorSecret("openbitum_test_secret_0123456789"));

        Assert.Throws<IOException>(() => keys.KeyOf(Created()));

        Assert.Equal("openbitum_test_secret_0123456789"u8, keys.KeyOf(Created()).Span);
        Assert.Equal("openbitum_test_secret_0123456789"u8, keys.KeyOf(Created()).Span);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(64, 4, 3, 0, 7)]
    [InlineData(64, 4, 100, 0, 64)]
    [InlineData(64, 4, 100, 1, 32)]
    [InlineData(64, 4, 100, 9, 1)]
    [InlineData(64, 4, 0, 1, 2)]
    [InlineData(2, 2, 5, 0, 2)]
    public void A_window_grows_by_answers_to_its_limit_and_halves_by_silence(int limit, int start, int answers, int silences, int size)
    {
        var window = new DeliveryWindow(limit);
        Assert.Equal(start, window.Size);

        for (var count = 0; count < answers + silences; count++)
        {
            window.Note(answered: count < answers);
        }

        Assert.Equal(size, window.Size);
    }

    private static UpdateWebhook Update() => new(Merchant, default, default, default, default);

    private static WebhookState Created() => Webhook.Decide(null, Id, Creation, Policy, null, Now).State!;
}
