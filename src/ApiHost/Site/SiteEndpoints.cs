using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.Json;
using OpenBitum.OpenApi;

namespace OpenBitum.Site;

internal sealed record SiteChanged(bool Ok, SiteView Config);

/// <summary>What holds for the whole instance.</summary>
internal static class SiteEndpoints
{
    private const string Path = "/site/config";

    public static void MapSite(this IEndpointRouteBuilder api)
    {
        api.MapMethods(Path, Routes.Reading, Read).Takes()
            .Allow(AccessLevel.Public).OpenToKeys(KeyScope.ShopRead).Describe(SiteDescriptions.Read);
        api.MapPost(Path, Update).TakesBody().Allow(AccessLevel.Operator).Describe(SiteDescriptions.Update);
    }

    private static async Task<Ok<SiteView>> Read(IGrainFactory grains)
    {
        var site = await grains.GetGrain<ISiteGrain>(ISiteGrain.Key).View();
        return new Ok<SiteView>(site) { ETag = ContentTag.Of(site), CacheControl = "no-cache" };
    }

    private static async Task<OneOf.Results<Ok<SiteChanged>, Invalid, Refused>> Update(
        HttpRequest request, RequestBody body, CommandId command, IGrainFactory grains)
    {
        if (!SiteBody.TryRead(body, out var fields, out var invalid))
        {
            return invalid;
        }

        var result = await grains.GetGrain<ISiteGrain>(ISiteGrain.Key)
            .Update(new UpdateSite(fields, request.ReadIfMatch(), command.Value));
        return result switch
        {
            { Status: SiteStatus.Done, Site: { } site } => new Ok<SiteChanged>(new SiteChanged(true, site)) { ETag = ContentTag.Of(site) },
            { Status: SiteStatus.Invalid } => new Invalid(result.Problems),
            { Status: SiteStatus.PreconditionFailed } => new Refused(HttpError.PreconditionFailed),
            _ => throw new InvalidOperationException($"The site's change ended as {result.Status}."),
        };
    }
}
