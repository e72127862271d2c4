using System.Globalization;
using OpenBitum.Entitlements;
using OpenBitum.Orders;
using Xunit;

namespace OpenBitum.Customers;

/// <summary>What the file holds of an erased e-mail.</summary>
public sealed class ErasureRecordTests
{
    private const string Email = "ada@example.com";

    [Fact]
    public async Task No_record_of_any_grain_holds_an_erased_e_mail_though_its_events_were_told_by_another_process()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product(entitlements: "course-101");
        var id = await sale.Open(product, Email);
        await sale.Pay(id, "19.9");
        await sale.Look();
        await sale.Until(() => sale.Entitlements(Email), all => all is [{ Status: EntitlementStatus.Active }]);
        await sale.Open(product, Email);

        // Records keep what they told until their next write: a new process does not know that it was told.
        await sale.KillAndStart();
        Assert.Equal(4, await Records(sale));

        var customer = (await sale.Order(id).MerchantView())!.CustomerId;
        Assert.True(await sale.Grains.GetGrain<ICustomerGrain>(ICustomerGrain.KeyOf(SaleFixture.Merchant, Email)).Erase(customer));

        Assert.Equal(0, await Records(sale));
    }

    /// <summary>How many records name the e-mail.</summary>
    private static Task<long> Records(SaleFixture sale) => sale.Count(string.Create(
        CultureInfo.InvariantCulture, $"SELECT COUNT(*) FROM grain_state WHERE CAST(payload AS TEXT) LIKE '%{Email}%'"));
}
