using System.Collections.Immutable;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Site;

/// <summary>What a change does to the site; <see cref="Document"/> is null when nothing has to be written.</summary>
public sealed record SiteDecision(SiteStatus Status, SiteView? Document, ImmutableArray<FieldProblem> Problems)
{
    /// <summary>It was done already.</summary>
    public static SiteDecision Replayed { get; } = new(SiteStatus.Done, null, []);
}

/// <summary>The rules of the site document.</summary>
public static class SiteDocument
{
    /// <summary>What is in force while nobody has said otherwise.</summary>
    /// <param name="tokens">Assets of the configured chains, in their order.</param>
    public static SiteView Default(ImmutableArray<string> tokens) => new(
        new SiteTheme("#1f2937", "#0b6e4f", "", "", "OpenBitum", "Inter, ui-sans-serif, system-ui", ""),
        tokens.IsEmpty ? SiteRules.KnownTokens[0] : tokens[0],
        null,
        null);

    /// <param name="site">Null while nobody has changed anything.</param>
    /// <param name="command">What the operator wants.</param>
    /// <param name="tokens">Assets of the configured chains.</param>
    public static SiteDecision Decide(SiteState? site, UpdateSite command, ImmutableArray<string> tokens) =>
        site is not null && site.Commands.Has(command.CommandId)
            ? SiteDecision.Replayed
            : Decide(site?.Document ?? Default(tokens), command, tokens);

    /// <param name="site">What is in force.</param>
    /// <param name="command">What the operator wants.</param>
    /// <param name="tokens">Assets of the configured chains.</param>
    public static SiteDecision Decide(SiteView site, UpdateSite command, ImmutableArray<string> tokens)
    {
        if (command.IfMatch is { } seen && !seen.Contains(ContentTag.Of(site)))
        {
            return new SiteDecision(SiteStatus.PreconditionFailed, null, []);
        }

        var problems = SiteRules.Of(command.Fields, tokens);
        if (problems.Length > 0)
        {
            return new SiteDecision(SiteStatus.Invalid, null, problems);
        }

        var merged = Merge(site, command.Fields);
        problems = SiteRules.OfMerged(merged);
        return problems.Length > 0
            ? new SiteDecision(SiteStatus.Invalid, null, problems)
            : new SiteDecision(SiteStatus.Done, merged, []);
    }

    private static SiteView Merge(SiteView site, SiteFields fields) => new(
        new SiteTheme(
            fields.Theme.PrimaryColor.Or(site.Theme.PrimaryColor),
            fields.Theme.SecondaryColor.Or(site.Theme.SecondaryColor),
            fields.Theme.BrandLogoUrl.Or(site.Theme.BrandLogoUrl),
            fields.Theme.BrandFaviconUrl.Or(site.Theme.BrandFaviconUrl),
            fields.Theme.BrandName.Or(site.Theme.BrandName),
            fields.Theme.FontFamily.Or(site.Theme.FontFamily),
            fields.Theme.ReceiptBackgroundUrl.Or(site.Theme.ReceiptBackgroundUrl)),
        fields.DefaultPaymentToken.Or(site.DefaultPaymentToken),
        fields.ProcessingFeePct.Or(site.ProcessingFeePct),
        fields.ReserveRatios.IsSet ? Merge(site.ReserveRatios, fields.ReserveRatios.Value) : site.ReserveRatios);

    private static ImmutableSortedDictionary<string, decimal>? Merge(
        ImmutableSortedDictionary<string, decimal>? ratios, ImmutableSortedDictionary<string, decimal?>? changes)
    {
        if (changes is null)
        {
            return null;
        }

        var merged = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        merged.AddRange(ratios ?? ImmutableSortedDictionary<string, decimal>.Empty);
        foreach (var (token, ratio) in changes)
        {
            if (ratio is { } share)
            {
                merged[token] = share;
            }
            else
            {
                merged.Remove(token);
            }
        }

        return merged.ToImmutable();
    }
}
