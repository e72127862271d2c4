using OpenBitum.Outbox;
using OpenBitum.ReadModel;

namespace OpenBitum.Access;

/// <summary>
/// One subscription key; key: its id, which its text begins with. All hosts ask this one grain, so its count is exact and a
/// revocation holds everywhere at once.
/// </summary>
[Alias("openbitum.access.subscription-key")]
public interface ISubscriptionKeyGrain : IGrainWithStringKey, IPublishes
{
    /// <summary>Makes the key. Repeated, it takes the new text: nobody has been told of the earlier one.</summary>
    [Alias("Create")]
    Task<SubscriptionKeyResult> Create(CreateSubscriptionKey command);

    /// <summary>Refuses the key from now on. Repeating it changes nothing.</summary>
    [Alias("Revoke")]
    Task<SubscriptionKeyResult> Revoke(MerchantId merchant);

    /// <summary>Says whom a call with this key stands for, and counts it.</summary>
    /// <param name="hash">SHA-256 of the text that was shown, in hex: the text itself goes no further than the host.</param>
    [Alias("Admit")]
    Task<KeyAdmission> Admit(string hash);
}

/// <summary>Lists of subscription keys; a stateless worker under any key.</summary>
[Alias("openbitum.access.subscription-key-queries")]
public interface ISubscriptionKeyQueries : IGrainWithStringKey
{
    [Alias("OfMerchant")]
    Task<Page<SubscriptionKeyView>> OfMerchant(MerchantId merchant, PageRequest page);
}
