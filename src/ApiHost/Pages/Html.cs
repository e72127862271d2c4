using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OpenBitum.Pages;

/// <summary>HTML in which every interpolated value is encoded; only another piece of HTML goes in as it is.</summary>
internal sealed class Html
{
    private readonly string text;

    public Html(ref Handler handler) => text = handler.ToString();

    private Html(string text) => this.text = text;

    public static Html Empty { get; } = new("");

    public static Html Of(ref Handler handler) => new(ref handler);

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.text)));

    public override string ToString() => text;

    [InterpolatedStringHandler]
    public readonly ref struct Handler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder builder = new(literalLength + 16 * formattedCount);

        public void AppendLiteral(string literal) => builder.Append(literal);

        public void AppendFormatted(Html html) => builder.Append(html.text);

        public void AppendFormatted(string? value) => builder.Append(HtmlEncoder.Default.Encode(value ?? ""));

        public void AppendFormatted(int value) => builder.Append(value);

        public override string ToString() => builder.ToString();
    }
}
