using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Money;

namespace OpenBitum.ReadModel;

/// <summary>One thing that an order, or a day of orders, adds to the totals.</summary>
/// <param name="Measure">One of <see cref="Measures"/>.</param>
/// <param name="At">When it counts, for its merchant; null: it counts for its customer, whenever it was.</param>
/// <param name="Item">A product or a chain; empty for neither.</param>
/// <param name="Asset">What the amount is in; null without an amount.</param>
/// <param name="Number">How many.</param>
/// <param name="Atoms">How much, in the asset's smallest unit.</param>
public readonly record struct TallyEntry(string Measure, DateTimeOffset? At, string Item, Asset? Asset, long Number, Int128 Atoms);

/// <summary>What is counted. The names are stored.</summary>
public static class Measures
{
    public const string Created = "created";
    public const string Expired = "expired";
    public const string Sold = "sold";
    public const string SoldProduct = "sold.product";
    public const string ReceivedOnChain = "received.chain";
    public const string Refunded = "refunded";

    public const string CustomerOrders = "customer.orders";
    public const string CustomerSpent = "customer.spent";
    public const string CustomerXp = "customer.xp";
    public const string CustomerEntitlements = "customer.entitlements";
}

/// <summary>What one order adds to the totals, and the text that its row keeps of it, so that it can be taken away again.</summary>
public static class Tally
{
    private const string None = "-";

    /// <summary>One entry a line: measure, Unix milliseconds, item, asset, number, atoms; `-` for what there is not.</summary>
    public static string Write(ImmutableArray<TallyEntry> entries) => string.Join('\n', entries.Select(entry => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Measure} {(entry.At is { } at ? at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : None)} {(entry.Item.Length > 0 ? entry.Item : None)} {(entry.Asset is { } asset ? NameOf(asset) : None)} {entry.Number} {entry.Atoms}")));

    /// <param name="text">As <see cref="Write"/> made it; null for nothing.</param>
    public static ImmutableArray<TallyEntry> Read(string? text) => string.IsNullOrEmpty(text) ? [] : [.. text.Split('\n').Select(ReadEntry)];

    /// <summary>An asset as a key: its kind, digits and code, so that it can be read back whatever this version knows of it.</summary>
    public static string NameOf(Asset? asset) =>
        asset is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{(asset.IsCurrency ? "currency" : "asset")}:{asset.Decimals}:{asset.Code}");

    /// <exception cref="FormatException">Not made by <see cref="NameOf"/>.</exception>
    public static Asset? AssetOf(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        var parts = name.Split(':', 3);
        return parts is [var kind, var digits, var code]
            ? new Asset(code, int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture), kind == "currency")
            : throw new FormatException($"'{name}' is no asset.");
    }

    private static TallyEntry ReadEntry(string line)
    {
        if (line.Split(' ') is not [var measure, var at, var item, var asset, var number, var atoms])
        {
            throw new FormatException($"'{line}' is no entry of a tally.");
        }

        return new TallyEntry(
            measure,
            at == None ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)),
            item == None ? "" : item,
            asset == None ? null : AssetOf(asset),
            long.Parse(number, CultureInfo.InvariantCulture),
            Int128.Parse(atoms, CultureInfo.InvariantCulture));
    }
}
