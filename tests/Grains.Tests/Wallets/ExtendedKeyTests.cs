namespace OpenBitum.Wallets;

public sealed class ExtendedKeyTests
{
    // Each reason of BIP32's list of invalid keys has a fault of its own.
    private static readonly Dictionary<string, KeyFault> Reasons = new()
    {
        ["pubkey version / prvkey mismatch"] = KeyFault.PublicVersionWithPrivateKey,
        ["prvkey version / pubkey mismatch"] = KeyFault.PrivateVersionWithPublicKey,
        ["invalid pubkey prefix 04"] = KeyFault.InvalidPublicKeyPrefix,
        ["invalid pubkey prefix 01"] = KeyFault.InvalidPublicKeyPrefix,
        ["invalid prvkey prefix 04"] = KeyFault.InvalidPrivateKeyPrefix,
        ["invalid prvkey prefix 01"] = KeyFault.InvalidPrivateKeyPrefix,
        ["zero depth with non-zero parent fingerprint"] = KeyFault.ParentWithoutDepth,
        ["zero depth with non-zero index"] = KeyFault.ChildNumberWithoutDepth,
        ["unknown extended key version"] = KeyFault.UnknownVersion,
        ["private key 0 not in 1..n-1"] = KeyFault.PrivateKeyOutOfRange,
        ["private key n not in 1..n-1"] = KeyFault.PrivateKeyOutOfRange,
        ["invalid pubkey 020000000000000000000000000000000000000000000000000000000000000007"] = KeyFault.NotOnCurve,
        ["invalid checksum"] = KeyFault.KeyChecksum,
    };

    public static TheoryData<string, string> ExtendedPublicKeys =>
        BitcoinVectors.Pairs("bip32/extendedPublicKeys", "xpub", "path");

    public static TheoryData<string, string> InvalidKeys =>
        BitcoinVectors.Pairs("bip32/invalidExtendedKeys", "key", "reason");

    public static TheoryData<string, uint, string> Derivations
    {
        get
        {
            var rows = new TheoryData<string, uint, string>();
            foreach (var entry in BitcoinVectors.At("bip32/publicDerivation").EnumerateArray())
            {
                rows.Add(
                    entry.GetProperty("parent").GetString()!,
                    entry.GetProperty("index").GetUInt32(),
                    entry.GetProperty("child").GetString()!);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(ExtendedPublicKeys))]
    public void A_published_key_is_read_and_written_back(string text, string path)
    {
        var key = Read(text);
        var steps = path.Split('/');
        Assert.Equal(steps.Length - 1, key.Depth);
        Assert.Equal(text, key.ToText(ExtendedKeyVersion.Xpub));
    }

    [Theory]
    [MemberData(nameof(Derivations))]
    public void A_published_child_is_derived_from_its_parent(string parent, uint index, string child)
    {
        Assert.True(Read(parent).TryDerive(index, out var derived));
        Assert.Equal(child, derived.ToText(ExtendedKeyVersion.Xpub));
    }

    [Theory]
    [MemberData(nameof(InvalidKeys))]
    public void A_published_invalid_key_is_refused_for_its_own_reason(string text, string reason)
    {
        Assert.Equal(Reasons[reason], ExtendedKey.Read(text, out var key));
        Assert.Null(key);

        Assert.False(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, null, out _, out var refusal));
        Assert.Equal("xpub", refusal.Field);
        Assert.Equal(reason == "invalid checksum" ? "bad_checksum" : "bad_format", refusal.Code);
        Assert.DoesNotContain(text, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(
            text.StartsWith("xprv", StringComparison.Ordinal),
            refusal.Message.Contains("looks like a private key", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hardened_child_cannot_be_asked_for()
    {
        var key = Read(BitcoinVectors.At("bip32/extendedPublicKeys")[0].GetProperty("xpub").GetString()!);
        Assert.Throws<ArgumentOutOfRangeException>(() => key.TryDerive(ExtendedKey.FirstHardened, out _));
        Assert.True(key.TryDerive(ExtendedKey.FirstHardened - 1, out _));
    }

    [Fact]
    public void A_key_of_the_greatest_depth_has_no_child()
    {
        var key = Read(BitcoinVectors.At("bip32/extendedPublicKeys")[0].GetProperty("xpub").GetString()!);
        Assert.True((key with { Depth = 254 }).TryDerive(0, out _));
        Assert.False((key with { Depth = 255 }).TryDerive(0, out _));
    }

    [Fact]
    public void A_range_of_children_is_what_each_child_is()
    {
        var key = Read(BitcoinVectors.At("bip32/extendedPublicKeys")[0].GetProperty("xpub").GetString()!);
        var points = new JacobianPoint[50];
        ChildKeys.Derive(key.PublicKey, key.ChainCode.AsSpan(), 1000, points);
        for (var i = 0; i < points.Length; i++)
        {
            Assert.True(key.TryDerive(1000 + (uint)i, out var child));
            Assert.True(points[i].TryToAffine(out var point));
            Assert.Equal(child.PublicKey, point);
        }
    }

    [Fact]
    public void Base58check_survives_leading_zeros_and_tells_its_faults_apart()
    {
        foreach (byte[] payload in new byte[][] { [], [0], [0, 0, 0], [0, 1], [255, 255], [1, 0, 0] })
        {
            Assert.Equal(Base58Fault.None, Base58Check.Decode(Base58Check.Encode(payload), out var decoded));
            Assert.Equal(payload, decoded);
        }

        Assert.Equal(Base58Fault.NotBase58, Base58Check.Decode("", out _));
        Assert.Equal(Base58Fault.NotBase58, Base58Check.Decode("0OIl", out _));
        Assert.Equal(Base58Fault.NotBase58, Base58Check.Decode(new string('2', 129), out _));
        Assert.Equal(Base58Fault.BadChecksum, Base58Check.Decode("1", out _));
        Assert.Equal(Base58Fault.BadChecksum, Base58Check.Decode("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", out _));
        Assert.Equal(Base58Fault.None, Base58Check.Decode("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", out _));
    }

    private static ExtendedKey Read(string text)
    {
        Assert.Equal(KeyFault.None, ExtendedKey.Read(text, out var key));
        return key!;
    }
}
