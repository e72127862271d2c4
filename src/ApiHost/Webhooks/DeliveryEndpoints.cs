using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Outbox;
using OpenBitum.Problems;
using OpenBitum.ReadModel;

namespace OpenBitum.Webhooks;

internal sealed record DeliveryQueued(DeliveryId DeliveryId);

/// <summary>The form of an event; its bytes are frozen when it is made, so this describes them and never writes them.</summary>
internal sealed record EventView(Outbox.EventId Id, string Type, DateTimeOffset Timestamp, bool Test, JsonElement Data);

/// <summary>What became of deliveries, and the events themselves for whoever missed them.</summary>
internal static class DeliveryEndpoints
{
    private const string After = "after";

    public static void MapDeliveries(this IEndpointRouteBuilder merchant)
    {
        merchant.MapPost("/webhooks/{id}/test", Test).Takes().Describe(WebhookDescriptions.Test);
        merchant.MapMethods("/webhooks/{id}/deliveries", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor).Describe(WebhookDescriptions.Deliveries);
        merchant.MapPost("/deliveries/{id}/redeliver", Redeliver).Takes().Describe(WebhookDescriptions.Redeliver);
        merchant.MapMethods("/events", Routes.Reading, Events).Takes(After, Paging.Limit).Describe(WebhookDescriptions.ListEvents);
    }

    private static async Task<OneOf.Results<Accepted<DeliveryQueued>, Invalid, NotFound>> Test(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        return WebhookId.TryParse(id, out var webhook)
            && await grains.GetGrain<IWebhookGrain>(webhook.Value).Test(caller.Merchant) is { } delivery
            ? new Accepted<DeliveryQueued>(new DeliveryQueued(delivery))
            : new NotFound();
    }

    private static async Task<OneOf.Results<Ok<Page<DeliveryView>>, Invalid, NotFound>> List(
        string id, HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        return WebhookId.TryParse(id, out var webhook)
            && await grains.GetGrain<IWebhookGrain>(webhook.Value).View(caller.Merchant) is not null
            ? new Ok<Page<DeliveryView>>(await grains.GetGrain<IWebhookQueries>("0").Deliveries(webhook, page))
            : new NotFound();
    }

    private static async Task<OneOf.Results<Accepted<DeliveryQueued>, Invalid, NotFound>> Redeliver(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        return DeliveryId.TryParse(id, out var delivery)
            && await grains.GetGrain<IWebhookQueries>("0").Redeliver(caller.Merchant, delivery) is { } queued
            ? new Accepted<DeliveryQueued>(new DeliveryQueued(queued))
            : new NotFound();
    }

    private static async Task<OneOf.Results<OkBytes<Page<EventView>>, Invalid>> Events(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        var limit = request.Query.ReadLimit(problems);
        var after = 0L;
        if (request.Query.TryGetValue(After, out var text)
            && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            problems.Add(new FieldProblem(After, FieldProblemCode.BadFormat, "Send the nextCursor of the page before, unchanged."));
        }

        if (problems.Count > 0)
        {
            return new Invalid(problems.ToImmutable());
        }

        return new OkBytes<Page<EventView>>(Write(await grains.GetGrain<IWebhookQueries>("0").Events(caller.Merchant, after, limit)));
    }

    /// <summary>The events are the frozen bytes that were signed: they are passed on as they are.</summary>
    private static ReadOnlyMemory<byte> Write(EventsPage page)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("data");
        foreach (var body in page.Bodies)
        {
            writer.WriteRawValue(body, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteString("nextCursor", page.Position.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
