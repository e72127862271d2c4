using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Catalog;
using OpenBitum.Json;
using OpenBitum.Orders;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Webhooks;

namespace OpenBitum.Outbox;

/// <summary>The read model made anew from the records of a shop that has sold.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private SaleFixture shop = null!;
    private int publicationsLeft = int.MaxValue;

    private Rebuild Rebuild => shop.Services.GetRequiredService<Rebuild>();

    public async ValueTask InitializeAsync()
    {
        shop = await SaleFixture.Start(
            silo => silo.AddIncomingGrainCallFilter(CountPublications), ("Webhooks:AllowedPrivateHosts:0", "127.0.0.1"));
        await Fill();
    }

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task A_rebuild_makes_every_row_as_it_was_and_makes_it_so_again()
    {
        var before = await Dump(withVersions: false);
        var events = await Rows("SELECT id || ' ' || merchant || ' ' || position || ' ' || body FROM events");
        var deliveries = await Rows("SELECT id || ' ' || webhook || ' ' || event FROM deliveries");

        var marked = await Rebuild.Begin();
        Assert.Equal(marked, await Rebuild.Finish(MustNot));

        Assert.Equal(before, await Dump(withVersions: false));
        Assert.Equal(events, await Rows("SELECT id || ' ' || merchant || ' ' || position || ' ' || body FROM events"));
        Assert.Equal(deliveries, await Rows("SELECT id || ' ' || webhook || ' ' || event FROM deliveries"));
        Assert.Empty(await Rows("SELECT grain_key FROM unpublished"));

        var versions = await Dump();
        await Rebuild.Begin();
        await Rebuild.Finish(MustNot);
        Assert.Equal(versions, await Dump());
    }

    [Fact]
    public async Task Rows_that_were_damaged_lost_or_invented_are_put_right()
    {
        var before = await Dump(withVersions: false);
        await shop.Database.Write(async session =>
        {
            await session.Execute("UPDATE products SET view = '{}', merchant = 'thief', version = 99");
            await session.Execute("UPDATE orders SET status = 'paid', paid_at = 1");
            await session.Execute("DELETE FROM customers");
            await session.Execute("UPDATE webhooks SET merchant = 'thief', events = ' * ', active = 1, version = 99");
            return await session.Execute(
                "INSERT INTO webhooks (id, merchant, version, events, active, deleted, view) VALUES ('whk_ghost', 'shop-1', 1, ' * ', 1, 0, '{}')");
        });

        await Rebuild.Begin();
        await Rebuild.Finish(MustNot);

        Assert.Equal(before, await Dump(withVersions: false));
    }

    [Fact]
    public async Task Killed_half_way_it_is_ended_by_the_next_start()
    {
        var before = await Dump(withVersions: false);
        var marked = await Rebuild.Begin();
        Volatile.Write(ref publicationsLeft, marked / 2);
        var left = 0;
        await Rebuild.Finish((_, _) => Interlocked.Increment(ref left));
        Assert.Equal(marked - (marked / 2), left);
        Assert.NotEqual(before, await Dump(withVersions: false));

        Volatile.Write(ref publicationsLeft, int.MaxValue);
        await shop.KillAndStart();

        await shop.Until(() => shop.Count("SELECT COUNT(*) FROM unpublished"), count => count == 0);
        Assert.Equal(before, await Dump(withVersions: false));
    }

    [Fact]
    public async Task Killed_half_way_it_is_ended_by_another_rebuild()
    {
        var before = await Dump(withVersions: false);
        shop.KillSwitch.After(await Rebuild.Begin() / 2);
        await Rebuild.Finish((_, _) => { });
        shop.KillSwitch.Disarm();

        await Rebuild.Begin();
        await Rebuild.Finish(MustNot);

        Assert.Equal(before, await Dump(withVersions: false));
    }

    [Fact]
    public async Task Subscriptions_hear_of_what_happens_while_the_rows_are_made_anew()
    {
        var before = await shop.Count("SELECT COUNT(*) FROM deliveries");

        await Rebuild.Begin();
        await shop.Open(await shop.Product());

        Assert.True(await shop.Count("SELECT COUNT(*) FROM deliveries") > before);
    }

    [Fact]
    public void Every_table_is_made_of_grain_records_or_is_a_record_itself()
    {
        string[] records =
        [
            "blocks", "chain_payments", "deliveries", "delivery_attempts", "ended_sessions", "event_counters", "events", "idempotency_keys",
            "paid_keys", "sandbox_blocks", "sandbox_counters", "sandbox_transactions", "scripts", "store_probe", "unpublished",
        ];
        var made = shop.Services.GetServices<PublishingKind>().SelectMany(kind => kind.Tables.Concat(kind.StandingTables)).Distinct();
        var tables = SchemaScripts.All.SelectMany(script => Regex.Matches(script.Sql, @"CREATE TABLE (\w+)")).Select(found => found.Groups[1].Value);

        // Whoever adds a table names it in its PublishingKind, or here with what it records.
        Assert.Equal(tables.Order(), made.Concat(records).Order());
    }

    /// <summary>Orders in every state, products with and without stock, customers, subscriptions.</summary>
    private async Task Fill()
    {
        // Nobody listens there: the ports lie above those that tests give to their servers, and are no other service's.
        await Subscribe("http://127.0.0.1:22181/", active: true);
        await Subscribe("http://127.0.0.1:22182/", active: false);
        var (endless, scarce, gone) = (await shop.Product(null, null, "course"), await shop.Product(stock: 3), await shop.Product());
        await shop.Grains.GetGrain<IProductGrain>(gone.Value).Delete(new DeleteProduct(SaleFixture.Merchant, null));

        var late = await shop.Open(scarce, "late@example.com");
        shop.Clock.Advance(TimeSpan.FromSeconds(901));
        await shop.Until(() => shop.View(late), view => view.Status is OrderStatus.Expired, takesTime: true);
        await shop.Until(() => shop.IsReminded(late), reminded => !reminded, takesTime: true);

        var paid = await shop.Open(endless);
        var seen = await shop.Open(endless, "other@example.com");
        await shop.Open(scarce);
        await shop.Pay(paid, "19.90");
        await shop.Pay(seen, "19.90", confirmations: 0);
        await shop.Until(() => shop.View(paid), view => view.Status is OrderStatus.Paid);
        await shop.Until(() => shop.View(seen), view => view.Status is OrderStatus.Processing);
        await shop.Until(
            () => shop.Entitlements("buyer@example.com"), owned => owned is [{ Status: Entitlements.EntitlementStatus.Active }], takesTime: true);
        await shop.Until(() => shop.IsReminded(paid), reminded => !reminded, takesTime: true);
        await shop.Until(() => shop.Count("SELECT COUNT(*) FROM unpublished"), count => count == 0, takesTime: true);
        await shop.Rest();
    }

    /// <summary>As a process that dies before a publication; what deliveries write meanwhile is not counted.</summary>
    private Task CountPublications(IIncomingGrainCallContext call) =>
        call.InterfaceMethod.Name == nameof(IPublishes.Publish) && Interlocked.Decrement(ref publicationsLeft) < 0
            ? Task.FromException(new IOException("The process was killed here."))
            : call.Invoke();

    private async Task Subscribe(string url, bool active)
    {
        var grain = shop.Grains.GetGrain<IWebhookGrain>(WebhookId.New(shop.Clock.GetUtcNow()).Value);
        var created = await grain.Create(new CreateWebhook(SaleFixture.Merchant, url, ["order.created", "order.paid"], null));
        Assert.Equal(WebhookStatus.Done, created.Status);
        if (!active)
        {
            await grain.Update(new UpdateWebhook(SaleFixture.Merchant, default, default, default, Change<bool>.To(false)));
        }
    }

    private Task<ImmutableArray<string>> Dump(bool withVersions = true) =>
        ReadModelDump.Of(shop.Database, shop.Services.GetServices<PublishingKind>(), withVersions);

    private Task<List<string>> Rows(string sql) =>
        shop.Database.Read(session => session.Query($"{sql} ORDER BY 1", reader => reader.GetString(0)));

    private static void MustNot(Mark mark, Exception? failure) => Assert.Fail($"{mark}: {failure}");
}
