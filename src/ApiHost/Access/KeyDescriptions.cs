using OpenBitum.OpenApi;

namespace OpenBitum.Access;

/// <summary>What the document says of subscription keys.</summary>
internal static class KeyDescriptions
{
    private const string Text = $"obk_{Sample.Ulid}K3M9Q0VB7C6WVNQ1T2YJC9KQ0MH5XYB3SRKDF8Z7";

    private static readonly SubscriptionKeyView Key = new(
        Sample.Key, "Reports", [KeyScope.OrdersRead], SubscriptionKeyText.Hint(Text), null, Sample.At);

    public static Operation List() => new("listKeys", Tag.Keys, "Lists the merchant's subscription keys")
    {
        About = "Revoked ones are gone from it. `hint` is how a key begins and ends.",
        Example = Key,
    };

    public static Operation Create() => new("createKey", Tag.Keys, "Makes a subscription key")
    {
        About = "`key` is shown here and never again. Whoever sends it as `Ocp-Apim-Subscription-Key` reads what its scopes name.",
        Body = Schema.Object(
            Field.Required("name", Schema.Text(SubscriptionKey.NameLength, 1), "For the merchant."),
            Field.Required("scopes", Schema.Array(Schema.OneOf(KeyScope.All), KeyScope.All.Length, 1), "What it may read.")),
        BodyExample = $$"""{ "name": "Reports", "scopes": ["{{KeyScope.OrdersRead}}"] }""",
        Example = Key with { Key = Text },
    };

    public static Operation Revoke() => new("revokeKey", Tag.Keys, "Revokes a subscription key")
    {
        About = "It is refused from the next call on, by every host.",
        Parameters = [new("id", Schema.Id<SubscriptionKeyId>(), "The key.")],
    };
}
