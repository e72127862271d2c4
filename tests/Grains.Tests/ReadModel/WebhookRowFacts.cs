using OpenBitum.Access;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

public abstract class WebhookRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task An_older_version_changes_nothing()
    {
        await Upsert(1, version: 2, url: "https://new.example/");
        await Upsert(1, version: 1, url: "https://old.example/");

        Assert.Equal(["https://new.example/"], (await List(new PageRequest(10, null))).Data.Select(webhook => webhook.Url));
    }

    [Fact]
    public async Task Pages_show_every_subscription_once_and_neither_a_deleted_one_nor_anothers()
    {
        for (var number = 1; number <= 7; number++)
        {
            await Upsert(number, url: $"https://{number}.example/");
        }

        await Upsert(8, deleted: true);
        await Upsert(9, merchant: Theirs);

        foreach (var limit in new[] { 1, 3, 6, 7, 100 })
        {
            Assert.Equal(
                Enumerable.Range(1, 7).Reverse().Select(number => $"https://{number}.example/"),
                (await Pages(limit, List)).Select(webhook => webhook.Url));
        }
    }

    private Task<Page<WebhookView>> List(PageRequest page) => Read(session => WebhookRows.OfMerchant(session, Ours, page));

    private Task Upsert(int number, long version = 1, string url = "https://example.com/", bool deleted = false, MerchantId? merchant = null) =>
        Write(session => WebhookRows.Upsert(session, new WebhookRow(
            new WebhookState
            {
                Id = new WebhookId(Id(WebhookId.Prefix, number)),
                Merchant = merchant ?? Ours,
                Url = url,
                Events = ["*"],
                Deleted = deleted,
                CreatedAt = Now,
            },
            version)));
}
