using System.Text.Json;

namespace OpenBitum.Wallets;

/// <summary>The published vectors of BIP32, 49, 84, 86, 350, 380 and SLIP-132, as vectors/bitcoin.json holds them.</summary>
internal static class BitcoinVectors
{
    private static readonly JsonElement Root = Load();

    /// <summary>Two fields of each object of an array, as rows of a theory.</summary>
    public static TheoryData<string, string> Pairs(string path, string first, string second)
    {
        var rows = new TheoryData<string, string>();
        foreach (var entry in At(path).EnumerateArray())
        {
            rows.Add(entry.GetProperty(first).GetString()!, entry.GetProperty(second).GetString()!);
        }

        return rows;
    }

    public static JsonElement At(string path)
    {
        var element = Root;
        foreach (var name in path.Split('/'))
        {
            element = element.GetProperty(name);
        }

        return element;
    }

    private static JsonElement Load()
    {
        using var stream = typeof(BitcoinVectors).Assembly.GetManifestResourceStream("bitcoin.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
