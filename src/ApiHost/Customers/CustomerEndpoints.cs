using OpenBitum.Access;
using OpenBitum.Entitlements;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Customers;

/// <summary>What a merchant sees of its buyers.</summary>
internal static class CustomerEndpoints
{
    private const int MostEntitlements = 100;

    public static void MapCustomers(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/customers", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor)
            .OpenToKeys(KeyScope.CustomersRead).Describe(CustomerDescriptions.List);
        merchant.MapMethods("/customers/{id}", Routes.Reading, Read).Takes()
            .OpenToKeys(KeyScope.CustomersRead).Describe(CustomerDescriptions.Read);
        merchant.MapDelete("/customers/{id}", Erase).Takes().Describe(CustomerDescriptions.Erase);
    }

    private static async Task<OneOf.Results<Ok<Page<CustomerView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        return new Ok<Page<CustomerView>>(await grains.GetGrain<ICustomerQueries>("0").OfMerchant(caller.Merchant, page));
    }

    private static async Task<OneOf.Results<Ok<CustomerDetail>, NotFound>> Read(string id, Caller caller, IGrainFactory grains)
    {
        if (!CustomerId.TryParse(id, out var customer)
            || await grains.GetGrain<ICustomerQueries>("0").Find(caller.Merchant, customer) is not { } view)
        {
            return new NotFound();
        }

        var entitlements = await grains.GetGrain<IEntitlementQueries>("0")
            .OfBuyer(caller.Merchant, view.Email, new PageRequest(MostEntitlements, null));
        return new Ok<CustomerDetail>(new CustomerDetail(
            view.Id, view.Email, view.Orders, view.Spent, view.Xp, view.EntitlementCount, entitlements.Data, view.CreatedAt, view.ErasedAt));
    }

    /// <summary>Erasure. The customer stays, with a hash in place of the e-mail, so a repeated call is answered alike.</summary>
    private static async Task<OneOf.Results<NoContent, Invalid, NotFound>> Erase(
        string id, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        return CustomerId.TryParse(id, out var customer)
            && await grains.GetGrain<ICustomerQueries>("0").KeyOf(caller.Merchant, customer) is { } key
            && await grains.GetGrain<ICustomerGrain>(key).Erase(customer)
            ? new NoContent()
            : new NotFound();
    }
}
