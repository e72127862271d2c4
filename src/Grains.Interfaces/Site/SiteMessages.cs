using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Json;
using OpenBitum.Problems;

namespace OpenBitum.Site;

/// <summary>How the instance looks where no merchant's shop says otherwise.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-theme")]
public sealed record SiteTheme(
    [property: Id(0)] string PrimaryColor,
    [property: Id(1)] string SecondaryColor,
    [property: Id(2)] string BrandLogoUrl,
    [property: Id(3)] string BrandFaviconUrl,
    [property: Id(4)] string BrandName,
    [property: Id(5)] string FontFamily,
    [property: Id(6)] string ReceiptBackgroundUrl);

/// <summary>The site document as everybody sees it.</summary>
/// <param name="Theme">How it looks.</param>
/// <param name="DefaultPaymentToken">The asset whose methods stand first at a checkout.</param>
/// <param name="ProcessingFeePct">0-100: what the operator charges merchants of each total; null: nothing.</param>
/// <param name="ReserveRatios">Which share of its reserves each token shall have, 1 in all at most; null, and left out: nobody has said it.</param>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-view")]
public sealed record SiteView(
    [property: Id(0)] SiteTheme Theme,
    [property: Id(1)] string DefaultPaymentToken,
    [property: Id(2)] decimal? ProcessingFeePct,
    [property: Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableSortedDictionary<string, decimal>? ReserveRatios);

/// <summary>What a new order locks of the site.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-terms")]
public sealed record SiteTerms([property: Id(0)] string DefaultPaymentToken, [property: Id(1)] decimal? ProcessingFeePct);

/// <summary>What the operator says of the theme; unset fields keep their value.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-theme-fields")]
public sealed record SiteThemeFields
{
    [Id(0)] public Change<string> PrimaryColor { get; init; }
    [Id(1)] public Change<string> SecondaryColor { get; init; }
    [Id(2)] public Change<string> BrandLogoUrl { get; init; }
    [Id(3)] public Change<string> BrandFaviconUrl { get; init; }
    [Id(4)] public Change<string> BrandName { get; init; }
    [Id(5)] public Change<string> FontFamily { get; init; }
    [Id(6)] public Change<string> ReceiptBackgroundUrl { get; init; }
}

/// <summary>What the operator says of the site; unset fields keep their value.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-fields")]
public sealed record SiteFields
{
    [Id(0)] public SiteThemeFields Theme { get; init; } = new();
    [Id(1)] public Change<string> DefaultPaymentToken { get; init; }
    [Id(2)] public Change<decimal?> ProcessingFeePct { get; init; }

    /// <summary>Merged token by token: null removes one, one that is not named stays. Null for the whole: nobody says it any more.</summary>
    [Id(3)] public Change<ImmutableSortedDictionary<string, decimal?>?> ReserveRatios { get; init; }
}

/// <param name="Fields">What to change.</param>
/// <param name="IfMatch">One is the <see cref="ContentTag"/> of the document that the caller has seen; null: any will do.</param>
/// <param name="CommandId">The same when the caller repeats the request; null when it cannot.</param>
[GenerateSerializer, Immutable, Alias("openbitum.site.update-site")]
public sealed record UpdateSite(
    [property: Id(0)] SiteFields Fields,
    [property: Id(1)] ImmutableArray<string>? IfMatch,
    [property: Id(2)] string? CommandId = null);

public enum SiteStatus { Done, Invalid, PreconditionFailed }

/// <summary>The outcome of a change; <see cref="Site"/> with Done, <see cref="Problems"/> with Invalid.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.site.site-result")]
public sealed record SiteResult(
    [property: Id(0)] SiteStatus Status,
    [property: Id(1)] SiteView? Site,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);
