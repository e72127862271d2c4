using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Wallets;

namespace OpenBitum.Orders;

/// <summary>What the text of a search names; one of its parts is set.</summary>
public sealed record OrderSearch
{
    private const int HashHexLength = 64;

    /// <summary>The chains that <see cref="Script"/> may stand on.</summary>
    public static ImmutableArray<string> Chains { get; } = [.. BitcoinNetwork.All.Select(network => network.Chain).Distinct()];

    public OrderId? Order { get; private init; }

    public ProductId? Product { get; private init; }

    public CustomerId? Customer { get; private init; }

    /// <summary>Case-folded.</summary>
    public string? Email { get; private init; }

    /// <summary>In lower-case hex: what the address stands for, on some chain.</summary>
    public string? Script { get; private init; }

    /// <summary>Or the hash that stands in place of an erased e-mail, which looks like the id of one.</summary>
    public string? Transaction { get; private init; }

    public static OrderSearch Of(string text) =>
        OrderId.TryParse(text, out var order) ? new OrderSearch { Order = order }
        : ProductId.TryParse(text, out var product) ? new OrderSearch { Product = product }
        : CustomerId.TryParse(text, out var customer) ? new OrderSearch { Customer = customer }
        : text.Contains('@', StringComparison.Ordinal) ? new OrderSearch { Email = ICustomerGrain.Fold(text) }
        : ScriptOf(text) is { } script ? new OrderSearch { Script = script }
        : new OrderSearch { Transaction = Fold(text) };

    /// <summary>
    /// By its script an address is found in any of its spellings. All networks are tried, not only those that are followed today: an
    /// address that was ever shown stays known.
    /// </summary>
    private static string? ScriptOf(string text)
    {
        foreach (var network in BitcoinNetwork.All)
        {
            if (BitcoinAddress.TryParse(network, text, out var script))
            {
                return Convert.ToHexStringLower(script.AsSpan());
            }
        }

        return null;
    }

    private static string Fold(string text) =>
        text.Length == HashHexLength && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : text;
}
