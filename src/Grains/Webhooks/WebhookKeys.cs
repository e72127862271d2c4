using OpenBitum.Access;

namespace OpenBitum.Webhooks;

/// <summary>Which key signs what: the operator's secret for the default merchant, an endpoint's own for everybody else.</summary>
public sealed class WebhookKeys(MerchantId operatorMerchant, Func<OperatorSecret> operatorSecret)
{
    // Made by whoever comes first, and again after a failure: the other modes would answer all who come later with the first one's
    // exception. Two who come together get the same one, because the store keeps only one.
    private readonly Lazy<OperatorSecret> secret = new(operatorSecret, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>A key for a new endpoint; null where the operator's secret signs.</summary>
    public byte[]? NewKeyFor(MerchantId merchant) => merchant == operatorMerchant ? null : WebhookSecret.NewKey();

    public ReadOnlyMemory<byte> KeyOf(WebhookState webhook) =>
        webhook.Key is { } own ? Convert.FromBase64String(own) : secret.Value.Key;
}
