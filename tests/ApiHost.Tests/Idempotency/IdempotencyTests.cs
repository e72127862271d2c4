using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenBitum.Idempotency;
using OpenBitum.Tests.Hosting;
using Orleans;
using Xunit;

namespace OpenBitum.Tests.Idempotency;

public sealed class IdempotencyTests(SharedServer shared)
{
    private const string Checkout = "/api/checkout/initiate";
    private const string Webhooks = "/api/merchant/webhooks";
    private const string Header = "Idempotency-Key";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task The_same_key_and_body_get_the_stored_answer()
    {
        var body = Body(await server.NewProduct(ApiServer.NewMerchant()));
        var key = NewKey();

        var first = await server.Post(Checkout, body, null, (Header, key));
        var again = await server.Post($"/portalpay{Checkout}", body, null, (Header, key));

        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal("true", again.Headers["Idempotent-Replayed"]);
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Fifty_parallel_calls_with_one_key_make_one_order()
    {
        // Nobody's patience ends, however busy the machine is.
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<TimeProvider>(clock));
        var body = Body(await own.NewProduct());
        var key = NewKey();

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => own.Post(Checkout, body, null, (Header, key))));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Created, reply.Status));
        Assert.Single(replies.Select(reply => reply.Text("orderId")).Distinct());
        Assert.Single((await own.Get("/api/merchant/orders?limit=100", own.Admin())).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var product = await server.NewProduct(ApiServer.NewMerchant());
        var key = NewKey();
        await server.Post(Checkout, Body(product), null, (Header, key));

        var refused = await server.Post(Checkout, Body(product, "other@example.com"), null, (Header, key));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("idempotency_mismatch", refused.Error);
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var product = await server.NewProduct(ApiServer.NewMerchant());
        var key = NewKey();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Post(Checkout, Body(product, "nobody"), null, (Header, key))).Status);
        Assert.Equal(HttpStatusCode.Created, (await server.Post(Checkout, Body(product), null, (Header, key))).Status);
    }

    [Fact]
    public async Task A_key_belongs_to_its_caller_its_method_and_its_path()
    {
        var key = NewKey();
        var body = new JsonObject { ["name"] = "x", ["price"] = new JsonObject { ["amount"] = "1", ["currency"] = "USD" } };

        var one = await server.Post("/api/merchant/products", body, server.Admin(ApiServer.NewMerchant()), (Header, key));
        var other = await server.Post("/api/merchant/products", body, server.Admin(ApiServer.NewMerchant()), (Header, key));

        Assert.NotEqual(one.Text("id"), other.Text("id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    public async Task A_key_that_is_no_printable_ASCII_is_malformed(string key)
    {
        var refused = await server.Post(Checkout, new JsonObject(), null, (Header, key));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Fact]
    public async Task A_key_of_255_characters_is_taken_and_a_longer_one_is_not()
    {
        var product = await server.NewProduct(ApiServer.NewMerchant());

        Assert.Equal(HttpStatusCode.Created, (await server.Post(Checkout, Body(product), null, (Header, NewKey().PadRight(255, 'x')))).Status);
        Assert.Equal("malformed", (await server.Post(Checkout, Body(product), null, (Header, new string('x', 256)))).Error);
    }

    [Fact]
    public async Task After_a_crash_the_retry_resumes_with_the_ids_that_were_reserved()
    {
        await using var own = await ApiServer.Start();
        var body = Body(await own.NewProduct());
        var key = NewKey();

        // The process dies after the key was reserved and before anything was answered.
        var grainKey = Hash($"\nPOST\n{Checkout}\n{key}");
        var ticket = await own.Services.GetRequiredService<IGrainFactory>().GetGrain<IIdempotencyGrain>(grainKey).Begin(Hash(body.ToJsonString()));
        await own.Restart();

        var retried = await own.Post(Checkout, body, null, (Header, key));

        Assert.Equal(HttpStatusCode.Created, retried.Status);
        Assert.Equal($"ord_{ticket.Seed}", retried.Text("orderId"));
    }

    [Fact]
    public async Task A_stored_answer_survives_a_restart()
    {
        await using var own = await ApiServer.Start();
        var body = Body(await own.NewProduct());
        var first = await own.Post(Checkout, body, null, (Header, "k"));
        await own.Restart();

        Assert.Equal(first.Body, (await own.Post(Checkout, body, null, (Header, "k"))).Body);
    }

    [Fact]
    public async Task A_stored_answer_is_worth_nothing_without_the_key_that_was_sent()
    {
        await using var own = await ApiServer.Start();
        var body = Body(await own.NewProduct());
        var first = await own.Post(Checkout, body, null, (Header, "k"));
        var row = Hash($"\nPOST\n{Checkout}\nk");
        var stored = (await own.Services.GetRequiredService<IGrainFactory>().GetGrain<IIdempotencyGrain>(row).Begin(Hash(body.ToJsonString()))).Answer!;
        var seal = own.Services.GetRequiredService<AnswerSeal>();

        Assert.DoesNotContain(first.Text("orderId"), stored.Body, StringComparison.Ordinal);
        Assert.Equal(first.Body, Encoding.UTF8.GetString(seal.Open(stored, "k", row)!));
        Assert.Null(seal.Open(stored, "K", row));
        Assert.Null(seal.Open(stored, "k", Hash("another row")));
        Assert.Null(seal.Open(stored with { Location = "/elsewhere" }, "k", row));
        Assert.Null(seal.Open(stored with { Status = 200 }, "k", row));
    }

    [Fact]
    public async Task Whoever_repeats_a_request_whose_answer_was_sealed_under_a_lost_secret_is_told_so_and_nothing_is_done_again()
    {
        var lines = new LogLines(nameof(AnswerSeal));
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<ILoggerProvider>(lines));
        var body = new JsonObject { ["url"] = "https://example.com/hook", ["events"] = new JsonArray("order.paid") };
        var first = await own.Post(Webhooks, body, own.Admin(), (Header, "k"));
        var ended = await own.Send(HttpMethod.Delete, $"{Webhooks}/{first.Text("id")}", null, own.Admin(), (Header, "d"));
        var former = "";
        await own.Restart(async () => former = await own.Grains.ReplaceSecret("answers.key", null));

        var again = await own.Post(Webhooks, body, own.Admin(), (Header, "k"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NoContent), (first.Status, ended.Status));
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_answer_lost"), (again.Status, again.Error));
        Assert.Contains("new Idempotency-Key", again.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await own.Get(Webhooks, own.Admin())).Json["data"]!.AsArray());
        Assert.Equal("Error", Assert.Single(lines).Split(' ')[0]);
        Assert.Contains("answers.key", Assert.Single(lines), StringComparison.Ordinal);

        // What has no body holds no secret, and new answers are kept under the new one.
        Assert.Equal(HttpStatusCode.NoContent, (await own.Send(HttpMethod.Delete, $"{Webhooks}/{first.Text("id")}", null, own.Admin(), (Header, "d"))).Status);
        var anew = await own.Post(Webhooks, body, own.Admin(), (Header, "new"));
        Assert.Equal(anew.Body, (await own.Post(Webhooks, body, own.Admin(), (Header, "new"))).Body);

        await own.Restart(() => own.Grains.ReplaceSecret("answers.key", former));
        Assert.Equal(first.Body, (await own.Post(Webhooks, body, own.Admin(), (Header, "k"))).Body);
    }

    [Fact]
    public async Task A_stored_answer_that_was_cut_short_in_its_row_is_lost_and_nothing_is_done_again()
    {
        var lines = new LogLines(nameof(AnswerSeal));
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<ILoggerProvider>(lines));
        var product = await own.NewProduct();
        var cuts = new[] { "substr(body, 1, length(body) - 4)", "substr(body, 1, 8)", "substr(body, 1, 7)", "'no base64'", "''", "NULL" };
        for (var number = 0; number < cuts.Length; number++)
        {
            Assert.Equal(HttpStatusCode.Created, (await Repeat(number)).Status);
        }

        await own.Database.Write(async session =>
        {
            for (var number = 0; number < cuts.Length; number++)
            {
                var row = Hash($"\nPOST\n{Checkout}\nk{number}");
                Assert.Equal(1, await session.Execute($"UPDATE idempotency_keys SET body = {cuts[number]} WHERE key = $1", row));
            }

            return true;
        });

        // What the grains have in memory is not what is in their rows.
        await own.Restart();
        for (var number = 0; number < cuts.Length; number++)
        {
            var again = await Repeat(number);
            Assert.Equal((cuts[number], HttpStatusCode.Conflict, "idempotency_answer_lost"), (cuts[number], again.Status, again.Error));
        }

        Assert.Equal(cuts.Length, await own.Database.Read(async session => (await session.Query("SELECT id FROM orders", reader => reader.GetString(0))).Count));
        Assert.Equal("Error", lines.First().Split(' ')[0]);
        Assert.Contains(Hash($"\nPOST\n{Checkout}\nk0"), lines.First(), StringComparison.Ordinal);

        Task<Reply> Repeat(int number) => own.Post(Checkout, Body(product, $"buyer{number}@example.com"), null, (Header, $"k{number}"));
    }

    private static JsonObject Body(string product, string email = "buyer@example.com") => new() { ["productId"] = product, ["email"] = email };

    private static string NewKey() => Convert.ToHexString(RandomNumberGenerator.GetBytes(8));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
