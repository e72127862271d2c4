using System.Text.RegularExpressions;
using OpenBitum.Access;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using Xunit;

namespace OpenBitum.Customers;

/// <summary>An erased e-mail is gone from all that a merchant or a buyer reads, and does not come back.</summary>
public sealed class ErasureTests
{
    private const string Email = "Ada@example.com";

    /// <summary>More than the erasure of a customer with two orders has.</summary>
    private const int MostSteps = 16;

    [Fact]
    public async Task A_hash_stands_in_place_of_the_e_mail_in_the_customer_and_every_order()
    {
        await using var sale = await SaleFixture.Start();
        var paid = await sale.Open(await sale.Product(entitlements: "course-101"), Email);
        await Pay(sale, paid);
        await sale.Until(() => sale.Entitlements(Email), all => all is [{ Status: Entitlements.EntitlementStatus.Active }]);
        var open = await sale.Open(await sale.Product(), "ada@EXAMPLE.com");
        var other = await sale.Open(await sale.Product(), "bob@example.com");
        var customer = await CustomerOf(sale, paid);

        Assert.True(await Grain(sale).Erase(customer));

        var hash = (await Shown(sale, customer)).Email;
        Assert.Matches(new Regex("^[0-9a-f]{64}$"), hash);
        Assert.NotNull((await Shown(sale, customer)).ErasedAt);
        Assert.Equal(hash, await EmailOf(sale, paid));
        Assert.Equal(hash, await EmailOf(sale, open));
        Assert.Equal("bob@example.com", await EmailOf(sale, other));
        Assert.Equal(0, await RowsWith(sale, Email));
        Assert.Empty(await sale.Entitlements(Email));
        Assert.Equal(1, await sale.Count($"SELECT COUNT(*) FROM entitlements WHERE email = '{hash}' AND status = 'active'"));
        await sale.Until(() => sale.IsReminded(Grain(sale)), reminded => !reminded);
    }

    [Fact]
    public async Task An_erasure_that_is_asked_again_changes_nothing_and_a_strangers_id_is_unknown()
    {
        await using var sale = await SaleFixture.Start();
        var customer = await CustomerOf(sale, await sale.Open(await sale.Product(), Email));
        Assert.False(await Grain(sale).Erase(CustomerId.New(sale.Clock.GetUtcNow())));
        Assert.Equal(Email, (await Shown(sale, customer)).Email);

        Assert.True(await Grain(sale).Erase(customer));
        var erased = await Shown(sale, customer);
        Assert.True(await Grain(sale).Erase(customer));

        Assert.Equal((erased.Email, erased.ErasedAt), ((await Shown(sale, customer)).Email, (await Shown(sale, customer)).ErasedAt));
    }

    [Fact]
    public async Task A_buyer_who_comes_back_is_a_new_customer()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product();
        var former = await CustomerOf(sale, await sale.Open(product, Email));
        await Grain(sale).Erase(former);

        var order = await sale.Open(product, Email);
        var customer = await CustomerOf(sale, order);

        Assert.NotEqual(former, customer);
        Assert.Equal(Email, await EmailOf(sale, order));
        Assert.Equal((Email, 1L), ((await Shown(sale, customer)).Email, (await Shown(sale, customer)).Orders));
        Assert.Equal(1, (await Shown(sale, former)).Orders);
        Assert.Equal([(EventType.CustomerCreated, 1L)], await sale.Events(customer.Value));

        Assert.True(await Grain(sale).Erase(customer));
        Assert.Equal(0, await RowsWith(sale, Email));
        Assert.NotEqual((await Shown(sale, former)).Email, (await Shown(sale, customer)).Email);
    }

    [Fact]
    public async Task What_happens_to_an_erased_order_is_told_without_the_e_mail()
    {
        await using var sale = await SaleFixture.Start();
        var id = sale.NewOrder();
        var wish = SaleFixture.Wish(await sale.Product(entitlements: "course-101"), Email);
        await sale.Order(id).Open(wish);
        await Grain(sale).Erase(await CustomerOf(sale, id));

        await Pay(sale, id);
        await sale.Until(() => sale.Events(id.Value), events => events.Count == 4);

        Assert.Equal(0, await sale.Count($"SELECT COUNT(*) FROM events WHERE subject = '{id}' AND sequence > 1 AND body LIKE '%{Email}%'"));
        Assert.Empty(await sale.Entitlements(Email));
        Assert.Equal(OpenOrderStatus.Opened, (await sale.Order(id).Open(wish)).Status);
        Assert.Equal(0, await RowsWith(sale, Email));
    }

    [Fact]
    public async Task An_order_that_the_erasure_could_not_find_follows_it_when_it_is_published()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product(), Email);
        var customer = await CustomerOf(sale, id);
        await sale.Database.Write(session => session.Execute("DELETE FROM orders"));
        await Grain(sale).Erase(customer);
        Assert.Equal(Email, await EmailOf(sale, id));

        await sale.Order(id).Publish();

        Assert.Equal((await Shown(sale, customer)).Email, await EmailOf(sale, id));
        Assert.Equal(0, await RowsWith(sale, Email));
    }

    [Fact]
    public async Task An_order_that_could_not_be_published_while_the_customer_was_erased_follows_when_it_can()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product();
        var customer = await CustomerOf(sale, await sale.Open(product, Email));
        await sale.Database.Write(session => session.Execute("ALTER TABLE orders RENAME TO orders_away"));
        var id = await sale.Open(product, Email);
        await sale.Database.Write(session => session.Execute("ALTER TABLE orders_away RENAME TO orders"));
        await Grain(sale).Erase(customer);
        Assert.Equal(Email, await EmailOf(sale, id));

        await Pay(sale, id);

        await sale.Until(() => EmailOf(sale, id), email => email != Email, takesTime: true);
        Assert.Equal(0, await RowsWith(sale, Email));
    }

    [Fact]
    public async Task A_checkout_that_races_an_erasure_is_erased_with_it_or_brings_a_new_customer()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product();
        for (var round = 0; round < 10; round++)
        {
            var email = $"racer{round}@example.com";
            var customer = await CustomerOf(sale, await sale.Open(product, email));
            var racing = Enumerable.Range(0, 6).Select(_ => sale.Open(product, email)).ToList();
            Assert.True(await Grain(sale, email).Erase(customer));
            foreach (var order in await Task.WhenAll(racing))
            {
                var isErased = await CustomerOf(sale, order) == customer;
                Assert.True(isErased == (await EmailOf(sale, order) != email), $"{order} in round {round}: {await EmailOf(sale, order)}");
            }
        }
    }

    [Fact]
    public async Task A_customer_of_many_orders_is_erased_page_by_page()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product();
        var first = await sale.Open(product, Email);
        await Task.WhenAll(Enumerable.Range(0, 119).Select(_ => sale.Open(product, Email)));

        Assert.True(await Grain(sale).Erase(await CustomerOf(sale, first)));

        await sale.Until(() => RowsWith(sale, Email), left => left == 0);
        await sale.Until(() => sale.IsReminded(Grain(sale)), reminded => !reminded);
    }

    [Fact]
    public async Task Wherever_the_process_dies_an_erasure_that_was_begun_ends()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product(entitlements: "course-101");
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var email = $"e{steps}@example.com";
            var orders = new[] { await sale.Open(product, email), await sale.Open(product, email) };
            await Pay(sale, orders[0]);
            await sale.Until(() => sale.Entitlements(email), all => all is [{ Status: Entitlements.EntitlementStatus.Active }]);
            var customer = await CustomerOf(sale, orders[0]);

            await Cut(sale, steps, () => Grain(sale, email).Erase(customer));
            if (await Grain(sale, email).ErasedEmail(customer) is null)
            {
                Assert.True(await Grain(sale, email).Erase(customer));
            }

            await sale.Until(() => RowsWith(sale, email), left => left == 0, takesTime: true);
            await sale.Until(() => sale.IsReminded(Grain(sale, email)), reminded => !reminded, takesTime: true);
            Assert.Equal((await Shown(sale, customer)).Email, await EmailOf(sale, orders[1]));
        }
    }

    private static ICustomerGrain Grain(SaleFixture sale, string email = Email) =>
        sale.Grains.GetGrain<ICustomerGrain>(ICustomerGrain.KeyOf(SaleFixture.Merchant, email));

    private static async Task<CustomerId> CustomerOf(SaleFixture sale, OrderId order) => (await sale.Order(order).MerchantView())!.CustomerId;

    private static async Task<string> EmailOf(SaleFixture sale, OrderId order) => (await sale.Order(order).MerchantView())!.Email;

    private static async Task<CustomerView> Shown(SaleFixture sale, CustomerId customer) =>
        (await sale.Grains.GetGrain<ICustomerQueries>("0").Find(SaleFixture.Merchant, customer))!;

    private static Task<long> RowsWith(SaleFixture sale, string email) => sale.Count(
        $"""
        SELECT (SELECT COUNT(*) FROM orders WHERE view LIKE '%{email}%') + (SELECT COUNT(*) FROM customers WHERE view LIKE '%{email}%')
            + (SELECT COUNT(*) FROM entitlements WHERE email LIKE '%{email}%')
        """);

    private static async Task Pay(SaleFixture sale, OrderId order)
    {
        await sale.Pay(order, "19.9");
        await sale.Look();
    }

    private static async Task Cut(SaleFixture sale, int steps, Func<Task> work)
    {
        sale.KillSwitch.After(steps);
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or OrleansException or TimeoutException)
        {
            // The caller of a process that died learns nothing else.
        }

        await sale.KillAndStart();
    }
}
