using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Money;

namespace OpenBitum.ReadModel;

public abstract class ProductRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task An_older_version_changes_nothing_and_the_same_one_neither()
    {
        await Write(session => ProductRows.Upsert(session, Row(1, version: 5, name: "five")));
        await Write(session => ProductRows.Upsert(session, Row(1, version: 4, name: "four")));
        await Write(session => ProductRows.Upsert(session, Row(1, version: 5, name: "five again")));
        Assert.Equal(["five"], await Names(includeDeleted: true));

        await Write(session => ProductRows.Upsert(session, Row(1, version: 6, name: "six")));
        Assert.Equal(["six"], await Names(includeDeleted: true));
    }

    [Fact]
    public async Task A_list_holds_what_is_its_merchants_and_not_deleted_and_the_public_one_what_is_active()
    {
        await Write(session => ProductRows.Upsert(session, Row(1, name: "sold")));
        await Write(session => ProductRows.Upsert(session, Row(2, name: "hidden", active: false)));
        await Write(session => ProductRows.Upsert(session, Row(3, name: "gone", deleted: true)));
        await Write(session => ProductRows.Upsert(session, Row(4, name: "theirs", merchant: Theirs)));

        Assert.Equal(["hidden", "sold"], await Names(includeDeleted: false));
        Assert.Equal(["gone", "hidden", "sold"], await Names(includeDeleted: true));
        var active = await Read(session => ProductRows.Active(session, Ours, new PageRequest(20, null)));
        Assert.Equal(["sold"], active.Data.Select(product => product.Name));
    }

    [Fact]
    public async Task Pages_of_any_length_show_every_row_once_newest_first_while_rows_are_added()
    {
        var added = 100;
        for (var number = 1; number <= 12; number++)
        {
            await Write(session => ProductRows.Upsert(session, Row(number, name: $"{number}")));
        }

        foreach (var limit in new[] { 1, 4, 5, 11, 12, 100 })
        {
            var seen = await Pages(
                limit,
                page => Read(session => ProductRows.OfMerchant(session, Ours, includeDeleted: false, page)),
                () => Write(session => ProductRows.Upsert(session, Row(++added, name: "added"))));
            Assert.Equal(
                Enumerable.Range(1, 12).Reverse().Select(number => $"{number}"),
                seen.Select(product => product.Name).SkipWhile(name => name == "added"));
        }
    }

    [Fact]
    public async Task What_is_read_is_what_was_written_whatever_the_text()
    {
        const string name = "Kurs „Ü“ 'quoted' \\ \"double\" % _ ; DROP TABLE products; -- 漢字 🎁";
        await Write(session => ProductRows.Upsert(session, Row(1, version: 3, name: name)));

        var read = (await Read(session => ProductRows.OfMerchant(session, Ours, true, new PageRequest(1, null)))).Data.Single();

        Assert.Equal((name, 7L, Ours, false), (read.Name, read.Version, read.Merchant, read.Deleted));
        Assert.Equal(Product.View(Row(1, name: name).Product) with { Images = read.Images, Entitlements = read.Entitlements, Metadata = read.Metadata }, read);
    }

    private async Task<IEnumerable<string>> Names(bool includeDeleted) =>
        (await Read(session => ProductRows.OfMerchant(session, Ours, includeDeleted, new PageRequest(100, null)))).Data.Select(product => product.Name);

    private static ProductRow Row(
        int number, long version = 1, string name = "Course", bool active = true, bool deleted = false, MerchantId? merchant = null)
    {
        Assert.True(Amount.TryParse("19.90", Asset.Currency("USD")!, out var price));
        return new ProductRow(
            new ProductState
            {
                Id = new ProductId(Id(ProductId.Prefix, number)),
                Merchant = merchant ?? Ours,
                Revision = 7,
                Name = name,
                Description = "",
                Price = price,
                Active = active,
                Deleted = deleted,
                CreatedAt = Now,
                UpdatedAt = Now,
            },
            version);
    }
}
