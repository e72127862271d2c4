using System.Collections.Immutable;
using OpenBitum.Branding;
using OpenBitum.Money;
using OpenBitum.Problems;

namespace OpenBitum.Catalog;

/// <summary>What the fields of a product may hold.</summary>
public static class ProductRules
{
    public const int NameLength = 200;
    public const int DescriptionLength = 10_000;
    public const int MostImages = 20;
    public const int LongestTtlSeconds = 604_800;
    public const int MostEntitlements = 20;
    public const int KeyLength = 200;
    public const int MostMetadata = 50;
    public const int MetadataKeyLength = 40;
    public const int MetadataValueLength = 500;

    /// <summary>The largest whole number that every JSON reader keeps exact: 2^53 - 1.</summary>
    public const long MostStock = 9_007_199_254_740_991;

    /// <summary>What can be granted; a handler joins when it exists.</summary>
    private static readonly ImmutableArray<string> Handlers = ["record"];

    private static readonly FieldProblem TooManyPairs =
        new("metadata", FieldProblemCode.OutOfRange, $"At most {MostMetadata} pairs.");

    /// <summary>What was fine piece by piece may be too much together.</summary>
    public static ImmutableArray<FieldProblem> OfMerged(ProductState product) =>
        product.Metadata.Count > MostMetadata ? [TooManyPairs] : [];

    /// <summary>The problems of the fields that are set.</summary>
    public static ImmutableArray<FieldProblem> Of(ProductFields fields) => [.. Problems(fields)];

    /// <summary>The same for a new product, which needs a name and a price.</summary>
    public static ImmutableArray<FieldProblem> OfNew(ProductFields fields)
    {
        var problems = Of(fields);
        if (!fields.Price.IsSet)
        {
            problems = problems.Insert(0, Required("price", "Give a price with an amount and a currency or an asset."));
        }

        if (!fields.Name.IsSet)
        {
            problems = problems.Insert(0, Required("name", $"Give a name of 1-{NameLength} characters."));
        }

        return problems;
    }

    private static IEnumerable<FieldProblem> Problems(ProductFields fields) =>
        (fields.Name.IsSet ? Name(fields.Name.Value) : [])
        .Concat(fields.Description.IsSet ? Description(fields.Description.Value) : [])
        .Concat(fields.Price.IsSet ? Price(fields.Price.Value) : [])
        .Concat(fields.Images.IsSet ? Images(fields.Images.Value) : [])
        .Concat(fields.Stock.IsSet ? Stock(fields.Stock.Value) : [])
        .Concat(fields.TtlSeconds.IsSet ? Ttl(fields.TtlSeconds.Value) : [])
        .Concat(fields.Entitlements.IsSet ? Entitlements(fields.Entitlements.Value) : [])
        .Concat(fields.Metadata.IsSet ? Metadata(fields.Metadata.Value) : []);

    private static IEnumerable<FieldProblem> Name(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            yield return Required("name", $"Give a name of 1-{NameLength} characters.");
        }
        else if (name.Length > NameLength)
        {
            yield return TooLong("name", NameLength);
        }
        else if (!ShownText.IsOneLine(name))
        {
            yield return new FieldProblem("name", FieldProblemCode.BadFormat, ShownText.WriteOneLine);
        }
    }

    private static IEnumerable<FieldProblem> Description(string? description)
    {
        if (description is null)
        {
            yield return Required("description", "Give a text; an empty one is fine.");
        }
        else if (description.Length > DescriptionLength)
        {
            yield return TooLong("description", DescriptionLength);
        }
        else if (ShownText.TurnsDirection(description))
        {
            yield return new FieldProblem("description", FieldProblemCode.BadFormat, "Leave out characters that turn the direction of text.");
        }
    }

    private static IEnumerable<FieldProblem> Price(Amount price)
    {
        if (price.Asset is null)
        {
            yield return Required("price", "Give a price with an amount and a currency or an asset.");
        }
        else if (price.Atoms <= 0)
        {
            yield return new FieldProblem("price.amount", FieldProblemCode.OutOfRange, "A price is greater than zero.");
        }
    }

    private static IEnumerable<FieldProblem> Images(ImmutableArray<string> images)
    {
        if (TooMany("images", images, MostImages) is { } refusal)
        {
            yield return refusal;
            yield break;
        }

        for (var index = 0; index < images.Length; index++)
        {
            if (!ShownUrl.IsPicture(images[index]))
            {
                yield return new FieldProblem($"images[{index}]", FieldProblemCode.BadFormat,
                    $"Write an https URL, or a path on this site that begins with one slash; at most {ShownUrl.Length} characters.");
            }
        }
    }

    private static IEnumerable<FieldProblem> Stock(long? stock)
    {
        if (stock is < 0 or > MostStock)
        {
            yield return new FieldProblem("stock", FieldProblemCode.OutOfRange,
                $"Write a whole number from 0 to {MostStock}, or null when nobody counts.");
        }
    }

    private static IEnumerable<FieldProblem> Ttl(int? seconds)
    {
        if (seconds is < 1 or > LongestTtlSeconds)
        {
            yield return new FieldProblem("ttlSeconds", FieldProblemCode.OutOfRange, $"Write 1-{LongestTtlSeconds} seconds.");
        }
    }

    private static IEnumerable<FieldProblem> Entitlements(ImmutableArray<ProductEntitlement> entitlements)
    {
        if (TooMany("entitlements", entitlements, MostEntitlements) is { } refusal)
        {
            yield return refusal;
            yield break;
        }

        for (var index = 0; index < entitlements.Length; index++)
        {
            var field = $"entitlements[{index}]";
            if (!Handlers.Contains(entitlements[index].Handler))
            {
                yield return new FieldProblem($"{field}.handler", FieldProblemCode.BadFormat,
                    $"No such handler; there is: {string.Join(", ", Handlers)}.");
            }

            if (string.IsNullOrWhiteSpace(entitlements[index].Key))
            {
                yield return Required($"{field}.key", $"Name what is granted in 1-{KeyLength} characters.");
            }
            else if (entitlements[index].Key.Length > KeyLength)
            {
                yield return TooLong($"{field}.key", KeyLength);
            }

            if (entitlements[index].Url is { } url && !ShownUrl.IsHttps(url))
            {
                yield return new FieldProblem($"{field}.url", FieldProblemCode.BadFormat,
                    $"Write an https URL of at most {ShownUrl.Length} characters.");
            }
        }
    }

    private static IEnumerable<FieldProblem> Metadata(ImmutableSortedDictionary<string, string?>? metadata)
    {
        if (metadata is null)
        {
            yield return Required("metadata", "Give an object; an empty one is fine.");
            yield break;
        }

        if (metadata.Count > MostMetadata)
        {
            yield return TooManyPairs;
            yield break;
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > MetadataKeyLength)
            {
                yield return new FieldProblem("metadata", FieldProblemCode.OutOfRange, $"Keys have 1-{MetadataKeyLength} characters.");
            }
            else if (value?.Length > MetadataValueLength)
            {
                yield return TooLong($"metadata.{key}", MetadataValueLength);
            }
        }
    }

    private static FieldProblem? TooMany<T>(string field, ImmutableArray<T> items, int most)
    {
        if (items.IsDefault)
        {
            return Required(field, "Give a list; an empty one is fine.");
        }

        return items.Length > most ? new FieldProblem(field, FieldProblemCode.OutOfRange, $"At most {most} entries.") : null;
    }

    private static FieldProblem Required(string field, string message) => new(field, FieldProblemCode.Required, message);

    private static FieldProblem TooLong(string field, int length) =>
        new(field, FieldProblemCode.TooLong, $"At most {length} characters.");
}
