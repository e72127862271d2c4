using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>
/// Where a page of orders ended. Its key begins with a hash of the list that it was cut from: in another list, of another sort, filter
/// or merchant, the place would mean nothing.
/// </summary>
public static class OrderCursor
{
    private const int HashLength = 16;

    /// <summary>Behind this order.</summary>
    /// <param name="place">Its creation or payment, whichever the list is sorted by.</param>
    public static Cursor Behind(MerchantId merchant, OrderFilter filter, DateTimeOffset place, OrderId order) =>
        new(HashOf(merchant, filter) + place.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), order.Value);

    /// <summary>False for a cursor of any other list.</summary>
    public static bool TryRead(Cursor cursor, MerchantId merchant, OrderFilter filter, out DateTimeOffset place)
    {
        place = default;
        if (!cursor.Key.StartsWith(HashOf(merchant, filter), StringComparison.Ordinal)
            || !long.TryParse(cursor.Key.AsSpan(HashLength), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !OrderId.TryParse(cursor.Id, out _))
        {
            return false;
        }

        place = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    private static string HashOf(MerchantId merchant, OrderFilter filter)
    {
        // What was typed by a person comes last: no text can pass for two fields.
        var list = string.Create(
            CultureInfo.InvariantCulture,
            $"{merchant.Value}\n{filter.Sort}\n{filter.Status}\n{filter.Product}\n{filter.Customer}\n{filter.From?.ToUnixTimeMilliseconds()}\n{filter.To?.ToUnixTimeMilliseconds()}\n{filter.Search}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..HashLength];
    }
}
