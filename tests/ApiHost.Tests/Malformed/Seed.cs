using System.Globalization;
using System.Security.Cryptography;

namespace OpenBitum.Tests.Malformed;

/// <summary>Numbers that follow from a seed (SplitMix64), so that a run which failed can be repeated: OPENBITUM_SEED.</summary>
internal sealed class Seed
{
    private ulong state;

    private Seed(ulong value) => state = Value = value;

    public ulong Value { get; }

    public static Seed OfThisRun() => new(
        Environment.GetEnvironmentVariable("OPENBITUM_SEED") is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)));

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
    }

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    /// <summary>Letters and digits.</summary>
    public string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abcdefghijklmnopqrstuvwxyz0123456789"[Next(36)]));

    public override string ToString() => $"seed {Value}: OPENBITUM_SEED={Value} repeats it";
}
