using System.Diagnostics;
using OpenBitum.Wallets;

namespace OpenBitum.Bench;

/// <summary>How long a hundred addresses take on one core, beside the same keys by BigInteger arithmetic.</summary>
internal static class DerivationBench
{
    private const int Addresses = 100;
    private const int ReferenceKeys = 5;

    private const string Account =
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static Task<IReadOnlyList<Row>> Run()
    {
        // The first call of the process compiles everything and makes the table.
        var first = Stopwatch.StartNew();
        Use(Parse("p2wpkh").Addresses(0, Addresses));
        first.Stop();

        var reference = Fastest(MeasureReference) * Addresses / ReferenceKeys;
        var rows = new List<Row> { Row("100 p2wpkh addresses, the first of the process", first.Elapsed, reference) };
        foreach (var script in new[] { "p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr" })
        {
            var key = Parse(script);
            rows.Add(Row($"100 {script} addresses", Fastest(() => Use(key.Addresses(0, Addresses))), reference));
        }

        var single = Parse("p2wpkh");
        rows.Add(Row("one p2wpkh address", Fastest(() => Use([single.AddressAt(7)!])), reference / Addresses));
        return Task.FromResult<IReadOnlyList<Row>>(rows);
    }

    private static void MeasureReference()
    {
        if (ExtendedKey.Read(Account, out var account) is not KeyFault.None || !account!.TryDerive(0, out var branch))
        {
            throw new InvalidOperationException("The account's key does not read.");
        }

        var parent = branch.PublicKey.ToCompressed();
        var chainCode = branch.ChainCode.ToArray();
        for (uint index = 0; index < ReferenceKeys; index++)
        {
            var child = BigIntegerDerivation.Child(parent, chainCode, index);
            if (!branch.TryDerive(index, out var ours) || !ours.PublicKey.ToCompressed().AsSpan().SequenceEqual(child))
            {
                throw new InvalidOperationException($"The two derivations differ at {index}.");
            }
        }
    }

    /// <summary>The fastest of many runs: what the work costs when nothing else takes the core.</summary>
    private static TimeSpan Fastest(Action work)
    {
        var fastest = TimeSpan.MaxValue;
        for (var all = Stopwatch.StartNew(); all.Elapsed < Duration;)
        {
            var one = Stopwatch.StartNew();
            work();
            fastest = one.Elapsed < fastest ? one.Elapsed : fastest;
        }

        return fastest;
    }

    private static void Use(IReadOnlyList<DerivedAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            throw new InvalidOperationException("Nothing was derived.");
        }
    }

    private static WalletKey Parse(string script) =>
        WalletKey.TryParse(BitcoinNetwork.Bitcoin, Account, script, out var key, out var refusal)
            ? key
            : throw new InvalidOperationException(refusal.Message);

    private static Row Row(string what, TimeSpan measured, TimeSpan reference) => new(
        "keys",
        what,
        Milliseconds(measured),
        $"BigInteger, affine {Milliseconds(reference)}",
        FormattableString.Invariant($"{measured / reference:0.0000} x"));

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0.000} ms");
}
