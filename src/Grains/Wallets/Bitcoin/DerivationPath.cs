using System.Collections.Immutable;
using System.Globalization;

namespace OpenBitum.Wallets;

/// <summary>
/// The steps behind an extended key: numbers below 2^31, hardened when an h or an apostrophe follows (a capital H is
/// refused, as BIP380 does), at most one choice <c>&lt;0;1&gt;</c> (BIP389) of which the first counts, and perhaps a
/// last <c>*</c>.
/// </summary>
internal readonly record struct DerivationPath(ImmutableArray<uint> Steps, bool IsHardened, bool IsRanged)
{
    private const int MaximumDigits = 10;

    public static bool TryRead(string text, out DerivationPath path)
    {
        path = default;
        var parts = text.Split('/');
        var isRanged = parts[^1] is "*" or "*h" or "*'";
        var isHardened = isRanged && parts[^1] != "*";
        var steps = ImmutableArray.CreateBuilder<uint>();
        var choices = 0;
        foreach (var part in isRanged ? parts[..^1] : parts)
        {
            var isChoice = part.StartsWith('<');
            choices += isChoice ? 1 : 0;
            var isRead = isChoice
                ? TryReadChoice(part, out var step, out var isStepHardened)
                : TryReadStep(part, out step, out isStepHardened);
            if (!isRead || choices > 1)
            {
                return false;
            }

            steps.Add(step);
            isHardened |= isStepHardened;
        }

        path = new DerivationPath(steps.DrainToImmutable(), isHardened, isRanged);
        return true;
    }

    /// <summary>Reads one number and its hardened mark.</summary>
    public static bool TryReadStep(string text, out uint step, out bool isHardened)
    {
        isHardened = text.EndsWith('h') || text.EndsWith('\'');
        var digits = isHardened ? text[..^1] : text;
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out step)
            && digits.Length <= MaximumDigits
            && step < ExtendedKey.FirstHardened;
    }

    /// <summary>Reads <c>&lt;a;b;…&gt;</c>, at least two different numbers, and gives the first.</summary>
    private static bool TryReadChoice(string text, out uint first, out bool isHardened)
    {
        (first, isHardened) = (0, false);
        var parts = text.EndsWith('>') ? text[1..^1].Split(';') : [];
        var seen = new HashSet<(uint Step, bool IsHardened)>();
        foreach (var part in parts)
        {
            if (!TryReadStep(part, out var step, out var isStepHardened) || !seen.Add((step, isStepHardened)))
            {
                return false;
            }

            if (seen.Count == 1)
            {
                (first, isHardened) = (step, isStepHardened);
            }
        }

        return seen.Count > 1;
    }
}
