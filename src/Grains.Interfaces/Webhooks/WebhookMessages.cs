using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Webhooks;

[GenerateSerializer, Immutable, Alias("openbitum.webhooks.create-webhook")]
public sealed record CreateWebhook(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] string Url,
    [property: Id(2)] ImmutableArray<string> Events,
    [property: Id(3)] string? Description);

[GenerateSerializer, Immutable, Alias("openbitum.webhooks.update-webhook")]
public sealed record UpdateWebhook(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] Change<string> Url,
    [property: Id(2)] Change<ImmutableArray<string>> Events,
    [property: Id(3)] Change<string?> Description,
    [property: Id(4)] Change<bool> Active);

public enum WebhookStatus { Done, NotFound, Invalid }

/// <param name="Secret">`whsec_…`, at creation only.</param>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.webhook-result")]
public sealed record WebhookResult(
    [property: Id(0)] WebhookStatus Status,
    [property: Id(1)] WebhookView? Webhook,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);

[GenerateSerializer, Immutable, Alias("openbitum.webhooks.webhook-view")]
public sealed record WebhookView(
    [property: Id(0)] WebhookId Id,
    [property: Id(1)] string Url,
    [property: Id(2)] ImmutableArray<string> Events,
    [property: Id(3)] bool Active,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret);

public enum DeliveryStatus { Pending, Sending, Succeeded, Parked, Disabled }

/// <param name="NextAttemptAt">Null while it waits behind an earlier event of its subject, is on its way or is finished.</param>
/// <param name="Body">The exact bytes that every attempt sends, as text; null where an order shows its deliveries.</param>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.delivery-view")]
public sealed record DeliveryView(
    [property: Id(0)] DeliveryId Id,
    [property: Id(1)] EventId EventId,
    [property: Id(2)] string Type,
    [property: Id(3)] DeliveryStatus Status,
    [property: Id(4)] ImmutableArray<DeliveryAttemptView> Attempts,
    [property: Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? NextAttemptAt,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body);

/// <param name="Status">HTTP status; null while it runs, or when no answer came.</param>
/// <param name="Response">The first 16 KiB of the answer, or why there was none.</param>
/// <param name="Request">What was signed and sent; null while it runs, or when the service ended before it did.</param>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.delivery-attempt-view")]
public sealed record DeliveryAttemptView(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] int? Status,
    [property: Id(2)] long? DurationMilliseconds,
    [property: Id(3)] string? Response,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DeliveryRequestView? Request);

[GenerateSerializer, Immutable, Alias("openbitum.webhooks.delivery-request-view")]
public sealed record DeliveryRequestView(
    [property: Id(0)] string Url,
    [property: Id(1)] ImmutableSortedDictionary<string, string> Headers);
