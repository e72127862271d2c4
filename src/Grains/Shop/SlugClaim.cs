using OpenBitum.Access;

namespace OpenBitum.Shop;

/// <summary>What becomes of a slug that a merchant claims or confirms.</summary>
/// <param name="IsOwn">Whether it is that merchant's afterwards.</param>
/// <param name="State">What to write; null: nothing.</param>
public sealed record SlugDecision(bool IsOwn, SlugState? State)
{
    public static SlugDecision Refused { get; } = new(false, null);

    /// <summary>It is so already.</summary>
    public static SlugDecision Replayed { get; } = new(true, null);
}

/// <summary>The rules of whose a slug is.</summary>
public static class SlugClaim
{
    /// <summary>How long a shop has to confirm. It does so right after its own write; who takes longer has died or is retried.</summary>
    public static readonly TimeSpan Lapse = TimeSpan.FromMinutes(1);

    /// <param name="slug">Null when it is nobody's.</param>
    /// <param name="merchant">Who claims it.</param>
    /// <param name="now">The time.</param>
    public static SlugDecision Decide(SlugState? slug, MerchantId merchant, DateTimeOffset now)
    {
        if (slug is { Confirmed: true })
        {
            return slug.Owner == merchant ? SlugDecision.Replayed : SlugDecision.Refused;
        }

        return slug is not null && slug.Owner != merchant && now - slug.ClaimedAt < Lapse
            ? SlugDecision.Refused
            : new SlugDecision(true, new SlugState { Owner = merchant, ClaimedAt = now });
    }

    /// <summary>The owner's shop holds it. Too late is only who was overtaken meanwhile.</summary>
    public static SlugDecision Confirm(SlugState? slug, MerchantId merchant) => slug switch
    {
        null => SlugDecision.Refused,
        _ when slug.Owner != merchant => SlugDecision.Refused,
        { Confirmed: true } => SlugDecision.Replayed,
        _ => new SlugDecision(true, slug with { Confirmed = true }),
    };
}
