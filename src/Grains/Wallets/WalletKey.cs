using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OpenBitum.Problems;

namespace OpenBitum.Wallets;

/// <summary>
/// A watch-only key: the public key and chain code whose children are a merchant's receiving addresses, and the script
/// that they pay to. It can hand out addresses and can spend nothing.
/// </summary>
public sealed class WalletKey
{
    /// <summary>More than any descriptor of one key needs.</summary>
    public const int MaximumTextLength = 1000;

    /// <summary>Children are numbered below this; what lies beyond is hardened (BIP32).</summary>
    public const uint IndexLimit = ExtendedKey.FirstHardened;

    // Ranges are derived in pieces, so that their working memory is bounded however long they are.
    private const int BatchSize = 256;

    private readonly ExtendedKey parent;

    private WalletKey(BitcoinNetwork network, ScriptType script, KeyExpression expression, ExtendedKey parent, string text)
    {
        this.parent = parent;
        Network = network;
        ScriptType = script;
        Text = text;
        Descriptor = OutputDescriptor.WithChecksum(script.ToDescriptor(expression.ToText(network.NodeKeyVersion)));
        Fingerprint = expression.Origin.Length > 0
            ? expression.Origin.Split('/')[0]
            : expression.ExtendedKey!.Fingerprint.ToString("x8", CultureInfo.InvariantCulture);
        KeyId = $"{network.Chain}/{network.Name}/{HashOf(script, parent)}";
    }

    public BitcoinNetwork Network { get; }

    public ScriptType ScriptType { get; }

    /// <summary>
    /// What to store and show: a bare key as it was given, a descriptor in one spelling with its checksum. It reads
    /// back to the same key together with <see cref="ScriptType"/>.
    /// </summary>
    public string Text { get; }

    /// <summary>The descriptor with checksum that the network's node understands, for its <c>deriveaddresses</c>.</summary>
    public string Descriptor { get; }

    /// <summary>
    /// Eight hexadecimal digits: the master key's fingerprint when an origin names it, else the key's own (BIP32).
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>
    /// The same for every spelling that yields the same addresses, and different otherwise: chain, network, and a hash
    /// of script type, public key and chain code whose children are the addresses.
    /// </summary>
    public string KeyId { get; }

    /// <summary>
    /// Reads an extended public key (SLIP-132; addresses at <c>/0/i</c> below it) or an output descriptor of one key.
    /// </summary>
    /// <param name="network">The network that the key must belong to.</param>
    /// <param name="text">What the merchant gave; spaces around it do not matter.</param>
    /// <param name="scriptType">Overrides the script that a bare key's prefix means; null leaves it.</param>
    public static bool TryParse(
        BitcoinNetwork network,
        string? text,
        string? scriptType,
        [NotNullWhen(true)] out WalletKey? key,
        [NotNullWhen(false)] out FieldProblem? refusal)
    {
        text = text?.Trim() ?? "";
        var fault = WalletKeyReader.Read(network, text, scriptType, out var reading);
        if (fault is not KeyFault.None)
        {
            key = null;
            refusal = WalletKeyRefusal.For(fault, network, hasPrivateKey: PrivateKeyText.IsIn(text));
            return false;
        }

        key = new WalletKey(network, reading.Script, reading.Expression, reading.Parent, reading.Text);
        refusal = null;
        return true;
    }

    /// <summary>
    /// The address with this number. Null for the numbers that BIP32 and BIP341 call invalid: one in 2^127, which
    /// nobody has ever met; the next number is used then.
    /// </summary>
    public DerivedAddress? AddressAt(uint index) => Addresses(index, 1) is [var address] ? address : null;

    /// <summary>
    /// The addresses with the numbers <paramref name="start"/> to start + count - 1, in order; see
    /// <see cref="AddressAt"/> for those that could be missing.
    /// </summary>
    public ImmutableArray<DerivedAddress> Addresses(uint start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)start + (ulong)count, IndexLimit, nameof(start));

        var addresses = ImmutableArray.CreateBuilder<DerivedAddress>(count);
        for (var done = 0; done < count; done += BatchSize)
        {
            Derive(start + (uint)done, Math.Min(BatchSize, count - done), addresses);
        }

        return addresses.DrainToImmutable();
    }

    /// <summary>The first <paramref name="count"/> addresses that exist from this number on.</summary>
    /// <exception cref="InvalidOperationException">The key has no more addresses.</exception>
    public ImmutableArray<DerivedAddress> Take(long start, int count)
    {
        var taken = ImmutableArray<DerivedAddress>.Empty;
        while (taken.Length < count)
        {
            var missing = count - taken.Length;
            if (start + missing > IndexLimit)
            {
                throw new InvalidOperationException($"{KeyId} has no {count} addresses from {start} on.");
            }

            taken = taken.AddRange(Addresses((uint)start, missing));
            start += missing;
        }

        return taken;
    }

    public override string ToString() => KeyId;

    private void Derive(uint start, int count, ImmutableArray<DerivedAddress>.Builder addresses)
    {
        var points = new JacobianPoint[count];
        var keys = new AffinePoint[count];
        ChildKeys.Derive(parent.PublicKey, parent.ChainCode.AsSpan(), start, points);
        JacobianPoint.ToAffine(points, keys);
        if (ScriptType is ScriptType.P2tr)
        {
            TaprootOutput.Tweak(points, keys);
        }

        for (var i = 0; i < count; i++)
        {
            if (points[i].IsInfinity)
            {
                continue;
            }

            var script = OutputScript.For(ScriptType, keys[i]);
            addresses.Add(BitcoinAddress.TryFormat(Network, script, out var address)
                ? new DerivedAddress(start + (uint)i, address, ImmutableCollectionsMarshal.AsImmutableArray(script))
                : throw new InvalidOperationException($"{Network} has no address for {ScriptType.ToName()}."));
        }
    }

    private static string HashOf(ScriptType script, ExtendedKey parent)
    {
        var preimage = Encoding.ASCII.GetBytes(script.ToName() + ":");
        return Convert.ToHexStringLower(
            SHA256.HashData([.. preimage, .. parent.PublicKey.ToCompressed(), .. parent.ChainCode]));
    }
}
