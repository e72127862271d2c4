using System.Collections.Immutable;
using System.Globalization;

namespace OpenBitum.Wallets;

/// <summary>
/// A key as descriptors write it (BIP380): <c>[fingerprint/origin]key/path/*</c>. It is read whole, whether we can use
/// it or not, so that a well-formed key is refused for what it is and a malformed one for its form.
/// </summary>
internal sealed record KeyExpression
{
    private const int FingerprintLength = 8;

    /// <summary>The origin without its brackets, hardened steps written with h; empty without one.</summary>
    public string Origin { get; private init; } = "";

    /// <summary>The extended public key; null when the key is a private or a single one.</summary>
    public ExtendedKey? ExtendedKey { get; private init; }

    public bool IsPrivate { get; private init; }

    public bool IsUncompressed { get; private init; }

    /// <summary>The steps below the key, without the last <c>*</c>; of a choice <c>&lt;0;1&gt;</c> the first.</summary>
    public ImmutableArray<uint> Path { get; private init; } = [];

    /// <summary>Whether a step below the key is hardened, the last <c>*</c> included.</summary>
    public bool IsHardened { get; private init; }

    /// <summary>Whether it ends in <c>/*</c>.</summary>
    public bool IsRanged { get; private init; }

    /// <summary>Whether there is nothing but the key itself.</summary>
    public bool IsBare => Origin.Length == 0 && Path.IsEmpty && !IsRanged;

    /// <summary>Reads the whole text; anything but None says what is malformed.</summary>
    public static KeyFault Read(string text, out KeyExpression expression)
    {
        expression = new KeyExpression();
        var origin = "";
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || !TryReadOrigin(text[1..end], out origin))
            {
                return KeyFault.InvalidOrigin;
            }

            text = text[(end + 1)..];
        }

        if (text.AsSpan().ContainsAny('[', ']'))
        {
            return KeyFault.InvalidOrigin;
        }

        var pathStart = text.IndexOf('/', StringComparison.Ordinal);
        var keyText = pathStart < 0 ? text : text[..pathStart];
        var path = new DerivationPath([], IsHardened: false, IsRanged: false);
        if (pathStart >= 0 && !DerivationPath.TryRead(text[(pathStart + 1)..], out path))
        {
            return KeyFault.InvalidPath;
        }

        if (TryReadSingleKey(keyText, out var isPrivate, out var isUncompressed))
        {
            expression = new KeyExpression
            {
                Origin = origin,
                IsPrivate = isPrivate,
                IsUncompressed = isUncompressed,
            };

            // Only an extended key has children.
            return pathStart < 0 ? KeyFault.None : KeyFault.InvalidPath;
        }

        var fault = ExtendedKey.Read(keyText, out var extendedKey);
        if (fault is not (KeyFault.None or KeyFault.PrivateKey))
        {
            return fault;
        }

        expression = new KeyExpression
        {
            Origin = origin,
            ExtendedKey = extendedKey,
            IsPrivate = fault is KeyFault.PrivateKey,
            Path = path.Steps,
            IsHardened = path.IsHardened,
            IsRanged = path.IsRanged,
        };
        return KeyFault.None;
    }

    /// <summary>The canonical text of an extended public key and its place, as every node reads it.</summary>
    public string ToText(uint version)
    {
        var origin = Origin.Length > 0 ? $"[{Origin}]" : "";
        var steps = string.Concat(Path.Select(step => string.Create(CultureInfo.InvariantCulture, $"/{step}")));
        return $"{origin}{ExtendedKey!.ToText(version)}{steps}/*";
    }

    /// <summary>The same key with the path <c>/0/*</c>: the receiving addresses of an account (BIP44).</summary>
    public KeyExpression WithReceivingBranch() => this with { Path = [0], IsRanged = true };

    private static bool TryReadOrigin(string text, out string origin)
    {
        var steps = text.Split('/');
        origin = steps[0].ToLowerInvariant();
        if (steps[0].Length != FingerprintLength || !steps[0].All(char.IsAsciiHexDigit))
        {
            return false;
        }

        foreach (var part in steps.Skip(1))
        {
            if (!DerivationPath.TryReadStep(part, out var step, out var isHardened))
            {
                return false;
            }

            origin += string.Create(CultureInfo.InvariantCulture, $"/{step}{(isHardened ? "h" : "")}");
        }

        return true;
    }

    private static bool TryReadSingleKey(string text, out bool isPrivate, out bool isUncompressed)
    {
        (isPrivate, isUncompressed) = (PrivateKeyText.IsSingleKey(text), false);
        if (isPrivate)
        {
            return true;
        }

        if (text.Length is not (64 or 66 or 130) || !text.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        var bytes = Convert.FromHexString(text);
        isUncompressed = bytes.Length == AffinePoint.UncompressedLength;
        return bytes.Length switch
        {
            AffinePoint.UncompressedLength => AffinePoint.TryReadUncompressed(bytes, out _),
            AffinePoint.CompressedLength => AffinePoint.TryReadCompressed(bytes, out _),

            // The x-only form of tr() (BIP386).
            _ => AffinePoint.TryLift(bytes, odd: false, out _),
        };
    }
}
