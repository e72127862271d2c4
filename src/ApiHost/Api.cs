using OpenBitum.Access;
using OpenBitum.Analytics;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.CommandLine;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Health;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.OpenApi;
using OpenBitum.Orders;
using OpenBitum.Pages;
using OpenBitum.Settings;
using OpenBitum.Shop;
using OpenBitum.Site;
using OpenBitum.Silo;
using OpenBitum.Wallets;
using OpenBitum.Webhooks;

namespace OpenBitum.ApiHost;

/// <summary>The HTTP host, composed.</summary>
internal static class Api
{
    /// <param name="args">The command line.</param>
    /// <param name="replace">Puts other services in place of some; a test's clock.</param>
    /// <exception cref="SettingsRefusedException">Names every wrong key.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        // Settings are read once. Their watcher would see every write to a data folder below, and cost as much as a tenth of a checkout.
        var builder = WebApplication.CreateSlimBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.UseConsole();
        builder.UseKestrel();
        replace?.Invoke(builder.Services);
        builder.ReachGrains();
        builder.ReadApiSettings();
        builder.Services.RefuseWrongSettings();
        builder.Services.AddSingleton<AnswerSeal>();
        builder.Services.AddSingleton<OrderStreams>();
        builder.Services.AddSingleton<OpenOrderLimit>();
        builder.Services.AddSingleton<OpenApiDocument>();
        builder.Services.AddSingleton<PublicMerchant>();

        var app = builder.Build();
        app.UseForwarding();
        app.UseMiddleware<Prefix>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseMiddleware<Failures>();
        app.UseMiddleware<Framing>();
        app.UseMiddleware<EdgeSecret>();
        app.UseCrossOrigin();
        app.UseRouting();
        app.UseMiddleware<ExactPaths>();
        app.UseMiddleware<AddressLimiting>();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<RequestReading>();
        app.UseMiddleware<IdempotencyKeys>();
        app.MapEverything();
        app.RefuseRoutesWithoutPolicy();
        return app;
    }

    private static void MapEverything(this WebApplication app)
    {
        app.MapHealth();
        app.MapOpenApi();
        app.MapCheckoutPage();
        app.MapSignInPage(app.Services.GetRequiredService<AccessOptions>());

        var api = app.MapGroup("/api");
        api.MapSession();
        api.MapLogin();
        api.MapEntitlements();
        api.MapShop();
        api.MapSite();

        var open = api.MapGroup("").Allow(AccessLevel.Public);
        open.MapPublicProducts();
        open.MapCheckout();
        open.MapOrders();
        open.MapSandbox(app.Services.GetRequiredService<ChainCatalog>());

        var merchant = api.MapGroup("/merchant").Allow(AccessLevel.Admin);
        merchant.MapMerchantProducts();
        merchant.MapMerchantOrders();
        merchant.MapCustomers();
        merchant.MapAnalytics();
        merchant.MapWallets();
        merchant.MapWebhooks();
        merchant.MapDeliveries();
        merchant.MapKeys();
    }
}
