using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Silo;
using OpenBitum.Time;
using OpenBitum.Webhooks;
using EventId = OpenBitum.Outbox.EventId;

namespace OpenBitum.Bench;

/// <summary>
/// F5: deliveries whose attempts are on disk before and after the POST, to a bare Kestrel in a process of its own, beside a bare
/// HttpClient that posts the same bodies to it. Then the same endpoint at a steady pace, alone and beside dead ones.
/// </summary>
internal static class DeliveryBench
{
    private const int Backlog = 20_000;
    private const int Concurrent = 64;
    private const int DeadEndpoints = 100;
    private const int DeadBacklog = 100;
    private const int PacedEvents = 3_000;
    private const int PacedPerTick = 5;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly MerchantId Merchant = new("bench");
    private static readonly string Filling = new('x', 1_000);

    public static async Task<IReadOnlyList<Row>> Run()
    {
        await using var sink = await Server.StartBareKestrel();
        var url = new Uri($"http://127.0.0.1:{sink.Port}/post");
        var bare = await Bare(url);
        await using var silo = await Silo.Start();
        await silo.Drain(url, Backlog / 4);
        var sustained = await silo.Drain(url, Backlog);
        var alone = await silo.Pace(url);
        using var dead = new DeadListener();
        await silo.Kill(dead.Url);
        var beside = await silo.Pace(url);
        return
        [
            new Row("F5", "durable webhook deliveries from a backlog, one endpoint", FormattableString.Invariant($"{sustained:N0}/s"),
                FormattableString.Invariant($"bare HttpClient, {Concurrent} loops: {bare:N0}/s"), FormattableString.Invariant($"{sustained / bare:0.00} x")),
            new Row("F5", FormattableString.Invariant($"p99 from event to answer beside {DeadEndpoints} dead endpoints"),
                FormattableString.Invariant($"{beside.TotalMilliseconds:N0} ms"), FormattableString.Invariant($"alone {alone.TotalMilliseconds:N0} ms"),
                FormattableString.Invariant($"{beside / alone:0.00} x")),
        ];
    }

    private static async Task<double> Bare(Uri url)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        var body = Encoding.UTF8.GetBytes(Event(0).Body);
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Concurrent).Select(async _ =>
        {
            var count = 0;
            for (; clock.Elapsed < Duration; count++)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(url, content);
                answer.EnsureSuccessStatusCode();
            }

            return count;
        }));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static OutgoingEvent Event(int number)
    {
        var now = TimeProvider.System.Now();
        var id = EventId.New(now);
        var order = FormattableString.Invariant($"ord_{number:D26}");
        return new OutgoingEvent(id, Merchant, EventType.OrderPaid, order, 1, now, false,
            $$$"""{"id":"{{{id}}}","type":"order.paid","test":false,"data":{"orderId":"{{{order}}}","sequence":1,"note":"{{{Filling}}}"}}""");
    }

    /// <summary>The grains on a store of their own, without the HTTP host.</summary>
    private sealed class Silo(IHost host, string folder) : IAsyncDisposable
    {
        private readonly IDatabase database = host.Services.GetRequiredService<IDatabase>();
        private readonly IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();

        public static async Task<Silo> Start()
        {
            var folder = Directory.CreateTempSubdirectory("openbitum-bench-").FullName;
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = ["--Data:Directory", folder] });
            builder.Logging.ClearProviders();
            builder.HostGrains();
            var host = builder.Build();
            await host.StartAsync();
            return new Silo(host, folder);
        }

        /// <summary>Deliveries per second from a queue that is full at the start.</summary>
        public async Task<double> Drain(Uri url, int count)
        {
            var webhook = await Subscribe(Merchant, url);
            await Fill(Merchant, count);
            var clock = Stopwatch.StartNew();
            await grains.GetGrain<IWebhookGrain>(webhook).Wake();
            await UntilFinished(webhook);
            var seconds = clock.Elapsed.TotalSeconds;
            await grains.GetGrain<IWebhookGrain>(webhook).Delete(Merchant);
            return count / seconds;
        }

        /// <summary>99 of a hundred events, published at a steady pace, were answered within this.</summary>
        public async Task<TimeSpan> Pace(Uri url)
        {
            var webhook = await Subscribe(Merchant, url);
            var publisher = host.Services.GetRequiredService<Publisher>();
            using var timer = new PeriodicTimer(Tick);
            var publishing = new List<Task>();
            for (var number = 0; number < PacedEvents; number += PacedPerTick)
            {
                await timer.WaitForNextTickAsync();
                publishing.AddRange(Enumerable.Range(number, PacedPerTick).Select(one =>
                    publisher.Publish(new Publication("bench", FormattableString.Invariant($"{one}"), null, [Event(one)]))));
            }

            await Task.WhenAll(publishing);
            await UntilFinished(webhook);
            var waits = await database.Read(session => session.Query(
                """
                SELECT d.attempt_at + a.duration - e.created_at FROM deliveries d
                JOIN events e ON e.id = d.event JOIN delivery_attempts a ON a.delivery = d.id
                WHERE d.webhook = $1
                """,
                reader => reader.GetInt64(0), webhook));
            await grains.GetGrain<IWebhookGrain>(webhook).Delete(Merchant);
            waits.Sort();
            return TimeSpan.FromMilliseconds(waits[(int)(waits.Count * 0.99)]);
        }

        /// <summary>Endpoints that take connections and never answer, each with a backlog, at work.</summary>
        public async Task Kill(Uri url)
        {
            var neighbour = new MerchantId("dead");
            var webhooks = new List<string>();
            for (var count = 0; count < DeadEndpoints; count++)
            {
                webhooks.Add(await Subscribe(neighbour, url));
            }

            await Fill(neighbour, DeadBacklog);
            await Task.WhenAll(webhooks.Select(webhook => grains.GetGrain<IWebhookGrain>(webhook).Wake()));
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private async Task<string> Subscribe(MerchantId merchant, Uri url)
        {
            var id = WebhookId.New(TimeProvider.System.Now()).Value;
            var result = await grains.GetGrain<IWebhookGrain>(id).Create(new CreateWebhook(merchant, url.ToString(), ["*"], null));
            return result.Status is WebhookStatus.Done ? id : throw new InvalidOperationException(string.Join(' ', result.Problems));
        }

        private async Task Fill(MerchantId merchant, int count)
        {
            foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
            {
                var events = chunk.Select(number => Event(number) with { Merchant = merchant }).ToArray();
                await database.Write(async session =>
                {
                    foreach (var outgoing in events)
                    {
                        await EventRows.Insert(session, outgoing, outgoing.Timestamp);
                        await DeliveryRows.FanOut(session, outgoing, TimeProvider.System.Now(), []);
                    }

                    return true;
                });
            }
        }

        private async Task UntilFinished(string webhook)
        {
            while (await database.Read(session => session.First(
                "SELECT 1 FROM deliveries WHERE webhook = $1 AND finished_at IS NULL LIMIT 1", _ => true, webhook)))
            {
                await Task.Delay(Tick);
            }
        }
    }

    /// <summary>Takes connections and says nothing, for ever.</summary>
    private sealed class DeadListener : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public DeadListener()
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen(4_096);
        }

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/");

        public void Dispose() => socket.Dispose();
    }
}
