using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Problems;

namespace OpenBitum.Shop;

/// <summary>How a shop looks. A URL is empty where there is no picture.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-theme")]
public sealed record ShopTheme(
    [property: Id(0)] string PrimaryColor,
    [property: Id(1)] string SecondaryColor,
    [property: Id(2)] string TextColor,
    [property: Id(3)] string AccentColor,
    [property: Id(4)] string BrandLogoUrl,
    [property: Id(5)] string CoverPhotoUrl,
    [property: Id(6)] string FontFamily,
    [property: Id(7)] string LogoShape,
    [property: Id(8)] string HeroFontSize);

[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-link")]
public sealed record ShopLink([property: Id(0)] string Label, [property: Id(1)] string Url);

/// <summary>The shop document. All of it is public: whoever knows the slug may read it. Its times are Unix milliseconds.</summary>
/// <param name="Name">Of the shop.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="Bio">Who runs it.</param>
/// <param name="Theme">How it looks.</param>
/// <param name="Arrangement">`grid`, `featured_first`, `groups` or `carousel`.</param>
/// <param name="XpPerDollar">Points for each US dollar of a paid order.</param>
/// <param name="Slug">Its public name in URLs.</param>
/// <param name="Links">To elsewhere.</param>
/// <param name="IndustryPack">`restaurant`, `retail`, `hotel` or `freelancer`.</param>
/// <param name="IndustryPackActivatedAt">When that pack was chosen.</param>
/// <param name="SetupComplete">The merchant has said that it is.</param>
/// <param name="CreatedAt">Of the shop; for the defaults, of the instance.</param>
/// <param name="UpdatedAt">When it was written last.</param>
[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-view")]
public sealed record ShopView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Description,
    [property: Id(2)] string Bio,
    [property: Id(3)] ShopTheme Theme,
    [property: Id(4)] string Arrangement,
    [property: Id(5)] decimal XpPerDollar,
    [property: Id(6)] Slug? Slug,
    [property: Id(7)] ImmutableArray<ShopLink> Links,
    [property: Id(8)] string? IndustryPack,
    [property: Id(9)] long? IndustryPackActivatedAt,
    [property: Id(10)] bool SetupComplete,
    [property: Id(11)] long CreatedAt,
    [property: Id(12)] long UpdatedAt);

/// <summary>What a merchant says of the theme; unset fields keep their value.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-theme-fields")]
public sealed record ShopThemeFields
{
    [Id(0)] public Change<string> PrimaryColor { get; init; }
    [Id(1)] public Change<string> SecondaryColor { get; init; }
    [Id(2)] public Change<string> TextColor { get; init; }
    [Id(3)] public Change<string> AccentColor { get; init; }
    [Id(4)] public Change<string> BrandLogoUrl { get; init; }
    [Id(5)] public Change<string> CoverPhotoUrl { get; init; }
    [Id(6)] public Change<string> FontFamily { get; init; }
    [Id(7)] public Change<string> LogoShape { get; init; }
    [Id(8)] public Change<string> HeroFontSize { get; init; }
}

/// <summary>What a merchant says of the shop; unset fields keep their value, or take the default when it is made.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-fields")]
public sealed record ShopFields
{
    [Id(0)] public Change<string> Name { get; init; }
    [Id(1)] public Change<string> Description { get; init; }
    [Id(2)] public Change<string> Bio { get; init; }
    [Id(3)] public ShopThemeFields Theme { get; init; } = new();
    [Id(4)] public Change<string> Arrangement { get; init; }
    [Id(5)] public Change<decimal> XpPerDollar { get; init; }

    /// <summary>Null gives the slug back.</summary>
    [Id(6)] public Change<string?> Slug { get; init; }
    [Id(7)] public Change<ImmutableArray<ShopLink>> Links { get; init; }
    [Id(8)] public Change<string?> IndustryPack { get; init; }
    [Id(9)] public Change<bool> SetupComplete { get; init; }
}

/// <param name="Merchant">Whose shop.</param>
/// <param name="Fields">What to change.</param>
/// <param name="IfMatch">One is the <see cref="ContentTag"/> of the document that the caller has seen; null: any will do.</param>
/// <param name="CommandId">The same when the caller repeats the request; null when it cannot.</param>
[GenerateSerializer, Immutable, Alias("openbitum.shop.update-shop")]
public sealed record UpdateShop(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] ShopFields Fields,
    [property: Id(2)] ImmutableArray<string>? IfMatch,
    [property: Id(3)] string? CommandId = null);

public enum ShopStatus { Done, Invalid, PreconditionFailed, SlugTaken }

/// <summary>The outcome of a change; <see cref="Shop"/> with Done, <see cref="Problems"/> with Invalid.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.shop.shop-result")]
public sealed record ShopResult(
    [property: Id(0)] ShopStatus Status,
    [property: Id(1)] ShopView? Shop,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);
