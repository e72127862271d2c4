using OpenBitum.Access;

namespace OpenBitum.Webhooks;

/// <summary>Which key signs what: the operator's secret for the default merchant, an endpoint's own for everybody else.</summary>
public sealed class WebhookKeys(MerchantId operatorMerchant, Func<OperatorSecret> operatorSecret)
{
    private readonly Lazy<OperatorSecret> secret = new(operatorSecret);

    /// <summary>A key for a new endpoint; null where the operator's secret signs.</summary>
    public byte[]? NewKeyFor(MerchantId merchant) => merchant == operatorMerchant ? null : WebhookSecret.NewKey();

    public ReadOnlyMemory<byte> KeyOf(WebhookState webhook) =>
        webhook.Key is { } own ? Convert.FromBase64String(own) : secret.Value.Key;
}
