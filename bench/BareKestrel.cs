using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenBitum.Bench;

/// <summary>The reference of F1 and F2: Kestrel with nothing behind it but reading and writing JSON, in a process of its own.</summary>
internal static class BareKestrel
{
    public const string Verb = "bare-kestrel";

    private sealed record Wish(string ProductId, string Email);

    public static Task Run(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var application = builder.Build();
        application.MapPost("/post", (Wish wish) => TypedResults.Json(new { orderId = wish.ProductId, checkoutUrl = wish.Email }));
        application.MapGet("/get", () => TypedResults.Json(Answer));
        application.MapGet("/healthz/live", () => "live");
        return application.RunAsync();
    }

    /// <summary>As large as an order: what is compared is the way to it, not its size.</summary>
    private static readonly Dictionary<string, string> Answer =
        Enumerable.Range(0, 24).ToDictionary(number => $"field{number}", number => JsonNamingPolicy.CamelCase.ConvertName($"Value of {number}"));
}
