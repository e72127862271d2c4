using System.Reflection;
using System.Text.Json.Nodes;

namespace OpenBitum.OpenApi;

/// <summary>What the document says at its head.</summary>
internal static class DocumentText
{
    private const string About =
        """
        A self-hosted crypto-commerce backend: products, checkouts, payments watched on the chain, and signed webhooks.

        JSON in UTF-8, camelCase. Times are RFC 3339 with milliseconds and `Z`. Amounts are decimal strings with their currency or asset
        beside them. Unknown fields and query parameters, duplicate keys and bad cursors are refused with 422; answers may gain fields.
        Every read answers HEAD too. A path is known in one spelling; any other, and whatever does not exist or is not yours, is 404.
        A known path with another method is 405 `method_not_allowed`.
        """;

    public static JsonObject Info() => new()
    {
        ["title"] = "OpenBitum",
        ["version"] = typeof(DocumentText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0],
        ["summary"] = "Self-hosted crypto commerce.",
        ["description"] = About.ReplaceLineEndings("\n"),
        ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
    };

    public static JsonArray Servers() => new(
        new JsonObject { ["url"] = "/", ["description"] = "This host." },
        new JsonObject { ["url"] = "/portalpay", ["description"] = "The same, for clients of the gateway form." });
}
