using OpenBitum.Customers;

namespace OpenBitum.ReadModel;

public abstract class CustomerRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task An_older_version_changes_nothing()
    {
        await Write(session => CustomerRows.Upsert(session, Row("new@example.com", version: 2)));
        await Write(session => CustomerRows.Upsert(session, Row("old@example.com", version: 1)));

        var view = await Read(session => session.First("SELECT view FROM customers", reader => reader.GetString(0)));
        Assert.Contains("new@example.com", view, StringComparison.Ordinal);
        Assert.Equal(1, await Count("SELECT COUNT(*) FROM customers"));
    }

    private static CustomerRow Row(string email, long version) => new(
        new CustomerState { Id = new CustomerId(Id(CustomerId.Prefix, 1)), Merchant = Ours, Email = email, CreatedAt = Now }, "ours/key", version);
}
