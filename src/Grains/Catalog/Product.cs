using System.Collections.Immutable;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Catalog;

/// <summary>What a command does to a product; <see cref="State"/> is null when nothing has to be written.</summary>
public sealed record ProductDecision(ProductStatus Status, ProductState? State, ImmutableArray<FieldProblem> Problems)
{
    public static ProductDecision Accepted(ProductState state) => new(ProductStatus.Done, state, []);

    /// <summary>It is so already.</summary>
    public static ProductDecision Replayed { get; } = new(ProductStatus.Done, null, []);

    public static ProductDecision Refused(ProductStatus status) => new(status, null, []);

    public static ProductDecision Invalid(ImmutableArray<FieldProblem> problems) => new(ProductStatus.Invalid, null, problems);
}

/// <summary>The rules of what a merchant may do to a product.</summary>
public static partial class Product
{
    public static ProductDecision Decide(ProductState? product, ProductId id, CreateProduct command, DateTimeOffset now)
    {
        if (product is not null)
        {
            // The id was made for this request, so whoever comes with it again repeats the request.
            return product.Merchant == command.Merchant
                ? ProductDecision.Replayed
                : ProductDecision.Refused(ProductStatus.NotFound);
        }

        var problems = ProductRules.OfNew(command.Fields);
        if (problems.Length > 0)
        {
            return ProductDecision.Invalid(problems);
        }

        var blank = new ProductState
        {
            Id = id,
            Merchant = command.Merchant,
            Revision = 0,
            Name = command.Fields.Name.Value,
            Description = "",
            Price = command.Fields.Price.Value,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return ProductDecision.Accepted(Merge(blank, command.Fields, now));
    }

    public static ProductDecision Decide(ProductState? product, UpdateProduct command, DateTimeOffset now)
    {
        if (product is null || product.Deleted || product.Merchant != command.Merchant)
        {
            return ProductDecision.Refused(ProductStatus.NotFound);
        }

        if (product.Commands.Has(command.CommandId))
        {
            return ProductDecision.Replayed;
        }

        if (command.IfMatch is { } seen && seen != product.Revision)
        {
            return ProductDecision.Refused(ProductStatus.PreconditionFailed);
        }

        var problems = ProductRules.Of(command.Fields);
        if (problems.Length > 0)
        {
            return ProductDecision.Invalid(problems);
        }

        var merged = Merge(product, command.Fields, now) with { Commands = product.Commands.With(command.CommandId) };
        problems = ProductRules.OfMerged(merged);
        return problems.Length > 0 ? ProductDecision.Invalid(problems) : ProductDecision.Accepted(merged);
    }

    public static ProductDecision Decide(ProductState? product, DeleteProduct command, DateTimeOffset now)
    {
        if (product is null || product.Merchant != command.Merchant)
        {
            return ProductDecision.Refused(ProductStatus.NotFound);
        }

        if (product.Deleted)
        {
            return ProductDecision.Replayed;
        }

        if (command.IfMatch is { } seen && seen != product.Revision)
        {
            return ProductDecision.Refused(ProductStatus.PreconditionFailed);
        }

        return ProductDecision.Accepted(product with { Deleted = true, Revision = product.Revision + 1, UpdatedAt = now });
    }

    /// <summary>The merchant's view.</summary>
    public static ProductView View(ProductState product) =>
        new(product.Id, product.Merchant, product.Revision, product.Name, product.Description, product.Price, product.Images,
            product.Stock, product.Active, product.TtlSeconds, product.Entitlements, product.Metadata, product.CreatedAt,
            product.UpdatedAt, product.Deleted);

    /// <summary>What can be bought now; null when nothing can.</summary>
    public static ProductOffer? Offer(ProductState? product) =>
        product is { Deleted: false, Active: true }
            ? new ProductOffer(product.Id, product.Merchant, product.Name, product.Price, product.Stock is not null,
                product.TtlSeconds, product.Entitlements)
            : null;

    private static ProductState Merge(ProductState product, ProductFields fields, DateTimeOffset now) => product with
    {
        Revision = product.Revision + 1,
        Name = fields.Name.Or(product.Name),
        Description = fields.Description.Or(product.Description),
        Price = fields.Price.Or(product.Price),
        Images = fields.Images.Or(product.Images),
        Stock = fields.Stock.Or(product.Stock),
        Active = fields.Active.Or(product.Active),
        TtlSeconds = fields.TtlSeconds.Or(product.TtlSeconds),
        Entitlements = fields.Entitlements.Or(product.Entitlements),
        Metadata = fields.Metadata.IsSet ? Merge(product.Metadata, fields.Metadata.Value) : product.Metadata,
        UpdatedAt = now,
    };

    private static ImmutableSortedDictionary<string, string> Merge(
        ImmutableSortedDictionary<string, string> pairs, ImmutableSortedDictionary<string, string?> changes)
    {
        var merged = pairs.ToBuilder();
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.ToImmutable();
    }
}
