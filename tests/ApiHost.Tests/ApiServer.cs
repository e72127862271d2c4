using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.ApiHost;
using OpenBitum.Ids;
using OpenBitum.ReadModel;
using OpenBitum.Tests;
using OpenBitum.Tests.Hosting;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace OpenBitum.Tests;

/// <summary>The real host in this process: its own port, folder and store.</summary>
public class ApiServer : IAsyncDisposable
{
    private readonly Dictionary<string, string> settings;
    private readonly Action<IServiceCollection>? replace;
    private readonly List<HttpClient> formerClients = [];
    private WebApplication? app;

    private ApiServer(string folder, GrainServer grains, Dictionary<string, string> settings, Action<IServiceCollection>? replace)
    {
        Folder = folder;
        Grains = grains;
        this.settings = settings;
        this.replace = replace;
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        Client = NewClient();
    }

    public string Folder { get; }

    /// <summary>Where the host's grains are.</summary>
    public GrainServer Grains { get; }

    public string Address { get; }

    public HttpClient Client { get; private set; }

    public IServiceProvider Services => app!.Services;

    public IDatabase Database => Grains.Database(Services);

    public static async Task<ApiServer> Start(Dictionary<string, string>? settings = null, Action<IServiceCollection>? replace = null)
    {
        Assert.SkipWhen(GrainServer.Missing is not null, GrainServer.Missing ?? "");
        var folder = Directory.CreateTempSubdirectory("openbitum-api-").FullName;
        var server = new ApiServer(folder, await GrainServer.Create(folder), settings ?? [], replace);
        await server.Start();
        return server;
    }

    /// <summary>A merchant of one's own keeps tests on one server apart.</summary>
    public static string NewMerchant() => $"m{Ulid.New(TimeProvider.System.GetUtcNow())}";

    /// <summary>An orderly stop and a new start over the same store.</summary>
    /// <param name="whileDown">What is done to the store meanwhile.</param>
    public async Task Restart(Func<Task>? whileDown = null)
    {
        await Stop();
        await (whileDown?.Invoke() ?? Task.CompletedTask);
        await Start();

        // Nothing goes out on a connection of the former run whose end nobody has noticed yet; its last answers may still be read.
        formerClients.Add(Client);
        Client = NewClient();
    }

    public string Admin(string merchant = "default") => Token(["admin"], merchant);

    public string Token(string[] roles, string merchant = "default", string? email = null, string subject = "test") =>
        Services.GetRequiredService<OwnIssuer>().Make(
            new TokenWish([.. roles], new MerchantId(merchant), email, subject, TimeSpan.FromHours(1)));

    public Task<Reply> Get(string path, string? token = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, token, headers);

    public Task<Reply> Post(string path, JsonNode body, string? token = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Json(body.ToJsonString()), token, headers);

    public async Task<Reply> Send(
        HttpMethod method, string path, HttpContent? body, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>A product that anybody can buy, priced so that the sandbox takes it.</summary>
    public async Task<string> NewProduct(string merchant = "default", JsonObject? fields = null)
    {
        var body = new JsonObject { ["name"] = "Course", ["price"] = new JsonObject { ["amount"] = "19.90", ["currency"] = "USD" } };
        foreach (var (name, value) in fields ?? [])
        {
            body[name] = value?.DeepClone();
        }

        var created = await Post("/api/merchant/products", body, Admin(merchant));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created.Text("id");
    }

    public async Task<string> NewOrder(string product, string email = "buyer@example.com")
    {
        var opened = await Post("/api/checkout/initiate", new JsonObject { ["productId"] = product, ["email"] = email });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        return opened.Text("orderId");
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await Grains.DisposeAsync();
        formerClients.ForEach(former => former.Dispose());
        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Address) };

    private async Task Start()
    {
        string[] all =
        [
            $"--Urls={Address}", .. Grains.Settings, .. HostLog.MostVerbose, .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
        await Grains.Start(all, Recorded);
        app = Api.Build(all, Recorded);
        await app.StartAsync();
        foreach (var (key, value) in settings)
        {
            PlantedSecrets.Current.AddSetting(key, value);
        }

        void Recorded(IServiceCollection services)
        {
            services.AddSingleton<IStartupFilter>(new RecordingStartup(ExchangeLog.Current));
            services.AddSingleton<ILoggerProvider>(HostLog.Current);
            // What a busy machine does not end in the host's own time would be broken off, and the test with it.
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(1));
            replace?.Invoke(services);
            GrainServer.KeepOnRealTime(services);
        }
    }

    private async Task Stop()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            app = null;
            PlantedSecrets.Current.AddFiles(Folder);
        }

        await Grains.Stop();
    }
}

/// <summary>One server for all tests that need no settings of their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private ApiServer? server;

    /// <summary>Skips the test that asks where no host can run: a fixture that fails would fail every test.</summary>
    public ApiServer Server
    {
        get
        {
            Assert.SkipWhen(GrainServer.Missing is not null, GrainServer.Missing ?? "");
            return server!;
        }
    }

    public async ValueTask InitializeAsync() => server = GrainServer.Missing is null ? await ApiServer.Start() : null;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What came back.</summary>
public sealed record Reply(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Error => Text("error");

    public string Text(string path)
    {
        var node = Json;
        foreach (var name in path.Split('.'))
        {
            node = int.TryParse(name, out var index) ? node[index]! : node[name]!;
        }

        return node.GetValueKind() is System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
    }

    /// <summary>`field code` of every detail.</summary>
    public string[] Details => [.. Json["details"]!.AsArray().Select(detail => $"{detail!["field"]} {detail["code"]}")];
}
