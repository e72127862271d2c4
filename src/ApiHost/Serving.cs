using Microsoft.Extensions.Logging.Console;
using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Http;
using OpenBitum.Settings;

namespace OpenBitum.ApiHost;

/// <summary>The process around the host: its console, its server, and what it says at start.</summary>
internal static class Serving
{
    private static readonly TimeSpan Draining = TimeSpan.FromSeconds(9);

    public static void UseConsole(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // A start that fails is thrown too and explained in one line; the stack before it would bury that line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // Whatever level is configured: the first writes query strings, the second the header line that it could not read. People put
        // keys into both by mistake. The first has nothing else to say, and costs each request an activity as long as it may speak.
        foreach (var (category, level) in new[]
        {
            ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
            ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning),
        })
        {
            builder.Logging.AddFilter(category, level);
            builder.Logging.AddFilter<ConsoleLoggerProvider>(category, level);
        }

        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Draining);
    }

    public static void UseKestrel(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["Urls"]))
        {
            builder.WebHost.UseUrls(Instance.DefaultUrls);
        }

        // A line ends with CR LF: a proxy that sees the end of a header elsewhere sees another request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaximumBytes;
        });
    }

    /// <summary>Runs until it is told to stop; running requests have time to end.</summary>
    public static async Task Serve(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception ended) when (
            ended is OperationCanceledException or OrleansException && app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // A host that waits for the first silo of its cluster may be told to stop meanwhile.
            return;
        }

        await app.Greet();
        await app.WaitForShutdownAsync();
    }

    /// <summary>Where it listens and what to do next, for the person who has just started it.</summary>
    private static async Task Greet(this WebApplication app)
    {
        var instance = app.Services.GetRequiredService<Instance>();
        Console.WriteLine($"OpenBitum listens on {string.Join(", ", app.Urls)}");
        if (app.Services.GetRequiredService<AccessOptions>().HasOwnIssuer)
        {
            Console.WriteLine($"Sign in once within 15 minutes: {await app.Services.GetRequiredService<SignInLink>().Make()}");
            Console.WriteLine($"Or print a token for scripts:    dotnet run --project src/ApiHost -- token --role admin{app.TokenSettings(instance)}");
        }

        if (app.Services.GetRequiredService<ChainCatalog>().All.IsEmpty)
        {
            Console.WriteLine("No chain is configured, so nothing can be paid yet: set Chains:BTC:RpcUrl or Chains:LTC:RpcUrl (see README.md)");
        }

        if (!instance.IsLocal && app.Services.GetRequiredService<ChainCatalog>().Find(ChainCatalog.Sandbox) is not null)
        {
            Console.WriteLine("SANDBOX is on at a public address: anybody can pay any order with play money. Unset Chains:SANDBOX:Enabled to sell for real");
        }

        Console.WriteLine($"First sale: POST {instance.PublicBaseUrl}/api/merchant/products, then /api/checkout/initiate (see README.md)");
    }

    /// <summary>A token made under another address or in another folder would be refused here.</summary>
    private static string TokenSettings(this WebApplication app, Instance instance)
    {
        var address = instance.PublicBaseUrl == Instance.DefaultUrls ? "" : $" --PublicBaseUrl={instance.PublicBaseUrl}";
        return app.Configuration["Data:Directory"] is { Length: > 0 } folder ? $"{address} --Data:Directory={folder}" : address;
    }
}
