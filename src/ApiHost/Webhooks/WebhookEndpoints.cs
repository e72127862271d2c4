using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.Json;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Webhooks;

/// <summary>A merchant's subscriptions.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/webhooks", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor).Describe(WebhookDescriptions.List);
        merchant.MapPost("/webhooks", Create).TakesBody().Describe(WebhookDescriptions.Create);
        merchant.MapMethods("/webhooks/{id}", Routes.Reading, Read).Takes().Describe(WebhookDescriptions.Read);
        merchant.MapPatch("/webhooks/{id}", Update).TakesBody().Describe(WebhookDescriptions.Update);
        merchant.MapDelete("/webhooks/{id}", Delete).Takes().Describe(WebhookDescriptions.Delete);
    }

    private static async Task<OneOf.Results<Ok<Page<WebhookView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        return new Ok<Page<WebhookView>>(await grains.GetGrain<IWebhookQueries>("0").OfMerchant(caller.Merchant, page));
    }

    private static async Task<OneOf.Results<Created<WebhookView>, Invalid, NotFound>> Create(
        RequestBody body, Caller caller, NewUlid ulid, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var url = fields.RequiredText("url");
        var events = fields.RequiredTexts("events");
        var description = fields.Text("description");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var id = new WebhookId(WebhookId.Prefix + ulid.Value);
        var result = await grains.GetGrain<IWebhookGrain>(id.Value).Create(new CreateWebhook(caller.Merchant, url, events, description));
        return result switch
        {
            { Status: WebhookStatus.Done, Webhook: { } webhook } => new Created<WebhookView>(webhook)
            {
                Location = $"/api/merchant/webhooks/{webhook.Id}",
            },
            { Status: WebhookStatus.Invalid } => new Invalid(result.Problems),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<Ok<WebhookView>, NotFound>> Read(string id, Caller caller, IGrainFactory grains)
    {
        return WebhookId.TryParse(id, out var webhook)
            && await grains.GetGrain<IWebhookGrain>(webhook.Value).View(caller.Merchant) is { } view
            ? new Ok<WebhookView>(view)
            : new NotFound();
    }

    private static async Task<OneOf.Results<Ok<WebhookView>, Invalid, NotFound>> Update(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (!WebhookId.TryParse(id, out var webhook))
        {
            return new NotFound();
        }

        var fields = new Fields(body);
        var url = fields.Change("url", fields.Text, null!);
        var events = fields.Change<ImmutableArray<string>>("events", fields.Texts, []);
        var description = fields.Has("description") ? Change<string?>.To(fields.Text("description")) : default;
        var active = fields.NotNull("active", fields.Flag);
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var result = await grains.GetGrain<IWebhookGrain>(webhook.Value)
            .Update(new UpdateWebhook(caller.Merchant, url, events, description, active));
        return result switch
        {
            { Status: WebhookStatus.Done, Webhook: { } view } => new Ok<WebhookView>(view),
            { Status: WebhookStatus.Invalid } => new Invalid(result.Problems),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<NoContent, Invalid, NotFound>> Delete(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        return WebhookId.TryParse(id, out var webhook)
            && await grains.GetGrain<IWebhookGrain>(webhook.Value).Delete(caller.Merchant) is { Status: WebhookStatus.Done }
            ? new NoContent()
            : new NotFound();
    }
}
