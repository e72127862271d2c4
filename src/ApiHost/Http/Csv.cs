using System.Buffers;
using System.Text;

namespace OpenBitum.Http;

/// <summary>
/// Rows of RFC 4180: commas, CRLF, quotes where a cell needs them. A spreadsheet takes a cell that begins with = + - @, a tab or a
/// carriage return for a formula, and runs what a stranger typed at the checkout: such a cell gets an apostrophe in front
/// (OWASP, "CSV injection").
/// </summary>
internal static class Csv
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static void WriteRow(IBufferWriter<byte> writer, params ReadOnlySpan<string> cells)
    {
        for (var index = 0; index < cells.Length; index++)
        {
            if (index > 0)
            {
                writer.Write(","u8);
            }

            WriteCell(writer, cells[index]);
        }

        writer.Write("\r\n"u8);
    }

    private static void WriteCell(IBufferWriter<byte> writer, string text)
    {
        var cell = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        if (cell.AsSpan().ContainsAny(Quoted))
        {
            cell = $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }

        Encoding.UTF8.GetBytes(cell, writer);
    }
}
