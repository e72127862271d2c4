using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OpenBitum.Tests.Gateway;

/// <summary>A host in edge mode behind a Caddy. Before the host stands an observer that notes what reaches it.</summary>
public sealed class Gateway : IAsyncLifetime, IStartupFilter
{
    public const string Secret = "gateway-secret-0123456789abcdef";

    /// <summary>Nobody listens on the discard port.</summary>
    public const string NobodysAddress = "127.0.0.1:9";

    private Caddy? caddy;

    public ApiServer Server { get; private set; } = null!;

    /// <summary>Calls through Caddy, from 127.0.0.7.</summary>
    public HttpClient Client { get; private set; } = null!;

    public ConcurrentDictionary<string, Reached> Seen { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (Caddy.Missing is not null)
        {
            return;
        }

        Server = await ApiServer.Start(
            new()
            {
                ["PublicBaseUrl"] = Caddy.Address,
                ["EdgeSecret"] = Secret,
                ["Proxies:Trusted:0"] = "127.0.0.1",
                ["Chains:SANDBOX:Enabled"] = "true",
            },
            services => services.AddSingleton<IStartupFilter>(this));
        caddy = await Caddy.Start(new Uri(Server.Address).Authority, Secret);
        Client = caddy.Client("127.0.0.7");
    }

    public async ValueTask DisposeAsync()
    {
        if (caddy is not null)
        {
            Client.Dispose();
            await caddy.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate rest) =>
        {
            context.Response.OnStarting(() =>
            {
                var request = context.Request;
                Seen[request.Path] = new(
                    context.Connection.RemoteIpAddress?.ToString(), request.Scheme, request.Host.Value!,
                    request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
                return Task.CompletedTask;
            });
            return rest(context);
        });
        next(app);
    };
}

/// <summary>A request as it came to the host, after its proxies were believed or not.</summary>
public sealed record Reached(string? Client, string Scheme, string Host, IReadOnlyDictionary<string, string> Headers);
