using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Problems;

namespace OpenBitum.Access;

/// <param name="Merchant">Whose key it is.</param>
/// <param name="Name">1-100 characters, for the merchant's own use.</param>
/// <param name="Scopes">Some of <see cref="KeyScope"/>.</param>
/// <param name="Hash">SHA-256 of the key's text in hex.</param>
/// <param name="Hint">What a list shows of the text.</param>
[GenerateSerializer, Immutable, Alias("openbitum.access.create-subscription-key")]
public sealed record CreateSubscriptionKey(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] string Hash,
    [property: Id(4)] string Hint);

public enum SubscriptionKeyStatus { Done, NotFound, Invalid }

/// <param name="Status">What became of the command.</param>
/// <param name="Key">With Done.</param>
/// <param name="Problems">With Invalid.</param>
[GenerateSerializer, Immutable, Alias("openbitum.access.subscription-key-result")]
public sealed record SubscriptionKeyResult(
    [property: Id(0)] SubscriptionKeyStatus Status,
    [property: Id(1)] SubscriptionKeyView? Key,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);

/// <param name="Hint">How the text begins and ends, so that people can tell which of their keys it is.</param>
/// <param name="Key">`obk_…`, at creation only.</param>
[GenerateSerializer, Immutable, Alias("openbitum.access.subscription-key-view")]
public sealed record SubscriptionKeyView(
    [property: Id(0)] SubscriptionKeyId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] string Hint,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key,
    [property: Id(5)] DateTimeOffset CreatedAt);

public enum KeyAdmissionStatus
{
    Admitted,

    /// <summary>There is no such key, its text is another, or it was revoked; nobody is told which.</summary>
    Unknown,

    /// <summary>Its calls of this minute are used up.</summary>
    Limited,
}

/// <param name="Status">Whether the call may go on.</param>
/// <param name="Merchant">Whom it stands for; with Admitted.</param>
/// <param name="Scopes">What it may read; with Admitted.</param>
/// <param name="Standing">How the key's window stands after this call; null where keys have no limit, and with Unknown.</param>
[GenerateSerializer, Immutable, Alias("openbitum.access.key-admission")]
public sealed record KeyAdmission(
    [property: Id(0)] KeyAdmissionStatus Status,
    [property: Id(1)] MerchantId Merchant,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] RateStanding? Standing);

/// <summary>How a limited caller stands in the running window.</summary>
/// <param name="Limit">Calls of one window.</param>
/// <param name="Remaining">Calls that are left of it.</param>
/// <param name="ResetSeconds">Until the next window may begin, rounded up: 1-60.</param>
/// <param name="Exceeded">This call was one too many.</param>
[GenerateSerializer, Immutable, Alias("openbitum.access.rate-standing")]
public sealed record RateStanding(
    [property: Id(0)] int Limit,
    [property: Id(1)] int Remaining,
    [property: Id(2)] int ResetSeconds,
    [property: Id(3)] bool Exceeded);
