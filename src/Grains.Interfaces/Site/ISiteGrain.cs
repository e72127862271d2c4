using Orleans.Concurrency;

namespace OpenBitum.Site;

/// <summary>What holds for the whole instance and its operator may change; one, under <see cref="Key"/>.</summary>
[Alias("openbitum.site.site")]
public interface ISiteGrain : IGrainWithStringKey
{
    const string Key = "site";

    /// <summary>The document; the defaults while nobody has changed it.</summary>
    [ReadOnly, Alias("View")]
    Task<SiteView> View();

    /// <summary>What a new order locks.</summary>
    [ReadOnly, Alias("Terms")]
    Task<SiteTerms> Terms();

    [Alias("Update")]
    Task<SiteResult> Update(UpdateSite command);

    /// <summary>When this instance came to be: the moment of the first call, which its first start makes; kept for good.</summary>
    [Alias("CreatedAt")]
    Task<DateTimeOffset> CreatedAt();
}
