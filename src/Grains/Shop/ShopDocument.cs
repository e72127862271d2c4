using System.Collections.Immutable;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Shop;

/// <summary>What a change does to a shop; <see cref="State"/> is null when nothing has to be written.</summary>
public sealed record ShopDecision(ShopStatus Status, ShopState? State, ImmutableArray<FieldProblem> Problems)
{
    /// <summary>It was done already.</summary>
    public static ShopDecision Replayed { get; } = new(ShopStatus.Done, null, []);

    public static ShopDecision Refused(ShopStatus status) => new(status, null, []);
}

/// <summary>The rules of the shop document.</summary>
public static class ShopDocument
{
    /// <summary>What a shop begins with, and what anybody sees of an instance whose default merchant has none. It promises no points.</summary>
    public static ShopView Default(DateTimeOffset createdAt) => new(
        "My Shop",
        "",
        "",
        new ShopTheme("#1f2937", "#0b6e4f", "#111827", "#10b981", "", "", "Inter, ui-sans-serif, system-ui", "square", "medium"),
        "grid",
        0,
        null,
        [],
        null,
        null,
        false,
        createdAt.ToUnixTimeMilliseconds(),
        createdAt.ToUnixTimeMilliseconds());

    /// <param name="shop">Null when the merchant has none; its slug does not move.</param>
    /// <param name="command">What the merchant wants.</param>
    /// <param name="now">The time.</param>
    public static ShopDecision Decide(ShopState? shop, UpdateShop command, DateTimeOffset now)
    {
        if (shop is not null && shop.Commands.Has(command.CommandId))
        {
            return ShopDecision.Replayed;
        }

        if (command.IfMatch is { } seen && (shop is null || !seen.Contains(ContentTag.Of(shop.Document))))
        {
            return ShopDecision.Refused(ShopStatus.PreconditionFailed);
        }

        var problems = ShopRules.Of(command.Fields);
        if (problems.Length > 0)
        {
            return new ShopDecision(ShopStatus.Invalid, null, problems);
        }

        // From here on only another shop with this slug can refuse.
        var document = Merge(shop?.Document ?? Default(now), command.Fields, now);
        var moves = document.Slug != shop?.Document.Slug;
        ImmutableArray<string> commands = shop?.Commands ?? [];
        return new ShopDecision(
            ShopStatus.Done,
            new ShopState
            {
                Merchant = command.Merchant,
                Document = document,
                SlugMoves = moves,
                Former = moves ? shop?.Document : null,
                MovedBy = moves ? command.CommandId : null,
                Commands = moves ? commands : commands.With(command.CommandId),
            },
            []);
    }

    /// <summary>What is shown of it; null while there is nothing to show.</summary>
    public static ShopView? View(ShopState? shop) => shop is { SlugMoves: true } ? shop.Former : shop?.Document;

    /// <summary>Every slug's grain has heard where it belongs now.</summary>
    public static ShopState Settle(ShopState shop) =>
        shop with { SlugMoves = false, Former = null, MovedBy = null, Commands = shop.Commands.With(shop.MovedBy) };

    /// <summary>The claim went to another: as if nobody had asked. Null when there was no shop before.</summary>
    public static ShopState? GoBack(ShopState shop) =>
        shop.Former is { } former ? shop with { Document = former, SlugMoves = false, Former = null, MovedBy = null } : null;

    private static ShopView Merge(ShopView shop, ShopFields fields, DateTimeOffset now)
    {
        var pack = fields.IndustryPack.Or(shop.IndustryPack);
        return new ShopView(
            fields.Name.Or(shop.Name),
            fields.Description.Or(shop.Description),
            fields.Bio.Or(shop.Bio),
            Merge(shop.Theme, fields.Theme),
            fields.Arrangement.Or(shop.Arrangement),
            fields.XpPerDollar.Or(shop.XpPerDollar),
            SlugOf(fields.Slug.Or(shop.Slug?.Value)),
            fields.Links.Or(shop.Links),
            pack,
            // Whoever sends the whole document again chooses nothing new.
            pack == shop.IndustryPack ? shop.IndustryPackActivatedAt : pack is null ? null : now.ToUnixTimeMilliseconds(),
            fields.SetupComplete.Or(shop.SetupComplete),
            shop.CreatedAt,
            now.ToUnixTimeMilliseconds());
    }

    private static ShopTheme Merge(ShopTheme theme, ShopThemeFields fields) => new(
        fields.PrimaryColor.Or(theme.PrimaryColor),
        fields.SecondaryColor.Or(theme.SecondaryColor),
        fields.TextColor.Or(theme.TextColor),
        fields.AccentColor.Or(theme.AccentColor),
        fields.BrandLogoUrl.Or(theme.BrandLogoUrl),
        fields.CoverPhotoUrl.Or(theme.CoverPhotoUrl),
        fields.FontFamily.Or(theme.FontFamily),
        fields.LogoShape.Or(theme.LogoShape),
        fields.HeroFontSize.Or(theme.HeroFontSize));

    private static Slug? SlugOf(string? text) => Slug.TryParse(text, out var slug) ? slug : null;
}
