using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Access;

/// <summary>A merchant's subscription keys. Only its admin handles them: a key opens none of these routes.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/keys", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor).Describe(KeyDescriptions.List);
        merchant.MapPost("/keys", Create).TakesBody().Describe(KeyDescriptions.Create);
        merchant.MapDelete("/keys/{id}", Revoke).Takes().Describe(KeyDescriptions.Revoke);
    }

    private static async Task<OneOf.Results<Ok<Page<SubscriptionKeyView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        return new Ok<Page<SubscriptionKeyView>>(await grains.GetGrain<ISubscriptionKeyQueries>("0").OfMerchant(caller.Merchant, page));
    }

    private static async Task<OneOf.Results<Created<SubscriptionKeyView>, Invalid, NotFound>> Create(
        RequestBody body, Caller caller, NewUlid ulid, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var name = fields.RequiredText("name");
        var scopes = fields.RequiredTexts("scopes");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var id = new SubscriptionKeyId(SubscriptionKeyId.Prefix + ulid.Value);
        var text = SubscriptionKeyText.New(id);
        var result = await grains.GetGrain<ISubscriptionKeyGrain>(id.Value).Create(new CreateSubscriptionKey(
            caller.Merchant, name, scopes, SubscriptionKeyText.Hash(text), SubscriptionKeyText.Hint(text)));
        return result switch
        {
            { Status: SubscriptionKeyStatus.Done, Key: { } key } => new Created<SubscriptionKeyView>(key with { Key = text }),
            { Status: SubscriptionKeyStatus.Invalid } => new Invalid(result.Problems),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<NoContent, Invalid, NotFound>> Revoke(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        return SubscriptionKeyId.TryParse(id, out var key)
            && await grains.GetGrain<ISubscriptionKeyGrain>(key.Value).Revoke(caller.Merchant) is { Status: SubscriptionKeyStatus.Done }
            ? new NoContent()
            : new NotFound();
    }
}
