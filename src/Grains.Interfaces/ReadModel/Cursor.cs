using System.Buffers.Text;
using System.Text;

namespace OpenBitum.ReadModel;

/// <summary>
/// Where a page ended: the sort key of its last row (empty when rows are sorted by id) and its id. Opaque outside: base64url
/// of the two, so that a list stays stable while rows are added before it.
/// </summary>
[GenerateSerializer, Immutable, Alias("openbitum.read-model.cursor")]
public sealed record Cursor([property: Id(0)] string Key, [property: Id(1)] string Id)
{
    private const int MaximumLength = 400;

    /// <summary>False for a text this service did not make.</summary>
    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = new Cursor("", "");
        if (text.Length is 0 or > MaximumLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var separator = plain.IndexOf('\n', StringComparison.Ordinal);
        if (separator < 0 || separator == plain.Length - 1 || plain.IndexOf('\0', StringComparison.Ordinal) >= 0)
        {
            return false;
        }

        cursor = new Cursor(plain[..separator], plain[(separator + 1)..]);
        return true;
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Key}\n{Id}"));
}
