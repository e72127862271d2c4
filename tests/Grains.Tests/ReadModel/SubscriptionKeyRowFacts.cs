using OpenBitum.Access;

namespace OpenBitum.ReadModel;

public abstract class SubscriptionKeyRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task A_list_holds_its_merchants_keys_in_use_newest_first_and_no_older_version_brings_one_back()
    {
        for (var number = 1; number <= 5; number++)
        {
            await Upsert(number, version: 1);
        }

        await Upsert(3, version: 2, revoked: true);
        await Upsert(3, version: 1);
        await Upsert(6, version: 1, merchant: Theirs);

        foreach (var limit in new[] { 1, 3, 4, 100 })
        {
            var keys = await Pages(limit, page => Read(session => SubscriptionKeyRows.OfMerchant(session, Ours, page)));
            Assert.Equal(["key 5", "key 4", "key 2", "key 1"], keys.Select(key => key.Name));
        }
    }

    private Task Upsert(int number, long version, bool revoked = false, MerchantId? merchant = null) =>
        Write(session => SubscriptionKeyRows.Upsert(session, new SubscriptionKeyRow(
            new SubscriptionKeyState
            {
                Id = new SubscriptionKeyId(Id(SubscriptionKeyId.Prefix, number)),
                Merchant = merchant ?? Ours,
                Name = $"key {number}",
                Scopes = ["orders:read"],
                Hash = "hash",
                Hint = "abcd",
                Revoked = revoked,
                CreatedAt = Now,
            },
            version)));
}
