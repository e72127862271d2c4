using System.Collections.Immutable;
using System.Text;
using OpenBitum.Checkout;
using OpenBitum.Money;
using OpenBitum.Problems;

namespace OpenBitum.Orders;

/// <summary>What the fields of a checkout may hold.</summary>
public static class OpenOrderRules
{
    public const int MostQuantity = 1_000;
    public const int MostMetadata = 50;
    public const int LongestMetadataKey = 40;
    public const int LongestMetadataValue = 500;
    public const int LongestReturnUrl = 2_048;

    // RFC 5321, 4.5.3.1, in octets; the path's 256 hold two brackets.
    private const int LongestEmail = 254;
    private const int LongestLocalPart = 64;
    private const int LongestDomain = 255;
    private const int LongestLabel = 63;

    /// <summary>What so many cost; null when the quantity is none, or the total has more digits than an amount holds.</summary>
    public static Amount? Total(Amount price, int quantity) =>
        quantity is >= 1 and <= MostQuantity && (price * quantity).Atoms <= Amount.MaximumAtoms
            ? price * quantity
            : null;

    public static ImmutableArray<FieldProblem> Check(OpenOrder asked, Amount price, bool allowsHttp) =>
    [
        .. Email(asked.Email),
        .. Quantity(asked.Quantity, price),
        .. PaymentMethod(asked.PaymentMethod),
        .. ReturnUrl(asked.ReturnUrl, allowsHttp),
        .. Metadata(asked.Metadata),
    ];

    private static IEnumerable<FieldProblem> Email(string email)
    {
        if (email.Length == 0)
        {
            yield return new FieldProblem("email", FieldProblemCode.Required, "Write the buyer's e-mail address.");
        }
        else if (Octets(email) > LongestEmail)
        {
            yield return new FieldProblem("email", FieldProblemCode.TooLong, $"Write an e-mail address of at most {LongestEmail} bytes.");
        }
        else if (!IsMailbox(email))
        {
            yield return new FieldProblem("email", FieldProblemCode.BadFormat, "Write an e-mail address such as buyer@example.com.");
        }
    }

    /// <summary>
    /// A mailbox as people have it: dotted words, one @, a domain of at least two labels. Quoted local parts and address literals are
    /// legal and unused, and are where injections hide. Letters of any script may stand on either side (RFC 6531).
    /// </summary>
    private static bool IsMailbox(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || Octets(email[..at]) > LongestLocalPart || Octets(email[(at + 1)..]) > LongestDomain)
        {
            return false;
        }

        var labels = email[(at + 1)..].Split('.');
        return labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit)
            && email[..at].Split('.').All(word => word.Length > 0 && word.All(IsMailboxCharacter));
    }

    private static bool IsMailboxCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~".Contains(character, StringComparison.Ordinal) || IsForeignLetter(character);

    private static bool IsLabel(string label) =>
        label.Length > 0 && Octets(label) <= LongestLabel && label[0] != '-' && label[^1] != '-'
        && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-' || IsForeignLetter(character));

    private static bool IsForeignLetter(char character) =>
        character >= 0x80 && (char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character)
            is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);

    private static IEnumerable<FieldProblem> Quantity(int quantity, Amount price)
    {
        if (quantity is < 1 or > MostQuantity)
        {
            yield return new FieldProblem("quantity", FieldProblemCode.OutOfRange, $"Write a whole number from 1 to {MostQuantity}.");
        }
        else if (Total(price, quantity) is null)
        {
            yield return new FieldProblem("quantity", FieldProblemCode.OutOfRange, "The total of so many has more digits than an amount holds.");
        }
    }

    private static IEnumerable<FieldProblem> PaymentMethod(string? method)
    {
        if (method is not null && !PaymentMethods.Exists(method))
        {
            yield return UnknownMethod("paymentMethod");
        }
    }

    public static FieldProblem UnknownMethod(string field) =>
        new(field, FieldProblemCode.BadFormat, "There is no such payment method; write for example BTC.");

    private static IEnumerable<FieldProblem> ReturnUrl(string? url, bool allowsHttp)
    {
        const string field = "returnUrl";
        if (url is null)
        {
            yield break;
        }

        if (url.Length > LongestReturnUrl)
        {
            yield return new FieldProblem(field, FieldProblemCode.TooLong, $"Write an address of at most {LongestReturnUrl} characters.");
        }
        else if (url.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
        {
            yield return new FieldProblem(field, FieldProblemCode.BadFormat, "Write an absolute address such as https://shop.example/thanks.");
        }
        else if (parsed.UserInfo.Length > 0 || (parsed.Scheme != Uri.UriSchemeHttps && !(allowsHttp && parsed.Scheme == Uri.UriSchemeHttp)))
        {
            yield return new FieldProblem(field, FieldProblemCode.UnsafeUrl, "Write an https address without a user name in it.");
        }
    }

    private static IEnumerable<FieldProblem> Metadata(ImmutableSortedDictionary<string, string> metadata)
    {
        if (metadata.Count > MostMetadata)
        {
            yield return new FieldProblem("metadata", FieldProblemCode.OutOfRange, $"Write at most {MostMetadata} pairs.");
            yield break;
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > LongestMetadataKey)
            {
                yield return new FieldProblem(
                    "metadata", FieldProblemCode.OutOfRange, $"Write keys of 1 to {LongestMetadataKey} characters.");
            }
            else if (value.Length > LongestMetadataValue)
            {
                yield return new FieldProblem(
                    $"metadata.{key}", FieldProblemCode.TooLong, $"Write a value of at most {LongestMetadataValue} characters.");
            }
        }
    }

    private static int Octets(string text) => Encoding.UTF8.GetByteCount(text);
}
