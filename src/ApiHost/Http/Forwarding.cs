using Microsoft.AspNetCore.HttpOverrides;
using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Who the client is when a proxy stands in front: afterwards `Connection.RemoteIpAddress` is the client's address.</summary>
/// <remarks>
/// A list of hops is read from its right end, and only as long as the hop before was a trusted proxy: what a client wrote itself
/// stands to the left of the first address that is not trusted, and is never reached.
/// </remarks>
internal sealed partial class Forwarding(RequestDelegate next, ProxiesOptions proxies, ILogger<Forwarding> logger)
{
    /// <summary>Nobody stands behind more proxies of their own than this.</summary>
    public const int MostHops = 8;

    private int hasWarned;

    public Task InvokeAsync(HttpContext context)
    {
        var connection = context.Connection;
        if (connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped)
        {
            // On a socket for both families 1.2.3.4 comes as ::ffff:1.2.3.4; limits must see one client.
            connection.RemoteIpAddress = mapped.MapToIPv4();
        }

        if (proxies.Trusted.IsEmpty && context.Request.Headers.ContainsKey("X-Forwarded-For")
            && Interlocked.Exchange(ref hasWarned, 1) == 0)
        {
            LogNotBelieved(connection.RemoteIpAddress?.ToString());
        }

        return next(context);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A request from {Address} carries X-Forwarded-For, which is not believed. If that is your proxy, set Proxies:Trusted:0={Address}: "
        + "until then all who come through it count as one address")]
    private partial void LogNotBelieved(string? address);
}

/// <summary>Puts <see cref="Forwarding"/> together with the platform's reader of forwarded headers.</summary>
internal static class ForwardingHosting
{
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfiguration configuration)
    {
        var proxies = services.AddSettings<ProxiesOptions>(configuration, "Proxies");

        // After all others: the platform's own switch, ASPNETCORE_FORWARDEDHEADERS_ENABLED, would believe everybody.
        return services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            // Without a known proxy the middleware believes everybody too, so then it looks at no header.
            options.ForwardedHeaders = proxies.Trusted.IsEmpty
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = Forwarding.MostHops;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var address in proxies.Addresses)
            {
                options.KnownProxies.Add(address);
            }

            foreach (var network in proxies.Networks)
            {
                options.KnownIPNetworks.Add(network);
            }
        });
    }

    public static void UseForwarding(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<Forwarding>();
    }
}
