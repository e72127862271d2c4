using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Entitlements;

internal static class EntitlementEndpoints
{
    public static void MapEntitlements(this IEndpointRouteBuilder api) =>
        api.MapMethods("/customer/entitlements", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor).Allow(AccessLevel.SignedIn).Describe(EntitlementDescriptions.List);

    /// <summary>What the signed-in buyer owns, at all merchants of the instance; by verified e-mail, since orders name no subject.</summary>
    private static async Task<OneOf.Results<Ok<Page<EntitlementView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        return new Ok<Page<EntitlementView>>(caller.Email is null
            ? new Page<EntitlementView>([], null)
            : await grains.GetGrain<IEntitlementQueries>("0").OfCustomer(caller.Email, page));
    }
}
