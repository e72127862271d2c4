using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;

namespace OpenBitum.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddSingleton(new PublishingKind(ProductGrain.Kind, (grains, key) => grains.GetGrain<IProductGrain>(key), "products"));
}
