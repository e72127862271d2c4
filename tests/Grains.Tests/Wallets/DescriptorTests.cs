namespace OpenBitum.Wallets;

public sealed class DescriptorTests
{
    private const string Xpub =
        "xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEL";

    private const string Wif = "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1";

    private const string Xprv =
        "xprvA1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz7iAxn8L39njGVyuoseXzU6rcxFLJ8HFsTjSyQbLYnMpCqE2VbFWc";

    // The valid key expressions of BIP380 that we do not take, and why; the one that is missing here is taken.
    private static readonly Dictionary<string, (KeyFault Fault, string Code)> Refused = new()
    {
        ["Compressed public key"] = (KeyFault.SingleKey, "bad_format"),
        ["Uncompressed public key"] = (KeyFault.Uncompressed, "bad_format"),
        ["Public key with key origin"] = (KeyFault.SingleKey, "bad_format"),
        ["Public key with key origin (<tt>'</tt> as hardened indicator)"] = (KeyFault.SingleKey, "bad_format"),
        ["Public key with key origin (mixed hardened indicator)"] = (KeyFault.SingleKey, "bad_format"),
        ["WIF uncompressed private key"] = (KeyFault.PrivateKey, "private_key"),
        ["WIF compressed private key"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended public key"] = (KeyFault.Unranged, "bad_format"),
        ["Extended public key with key origin"] = (KeyFault.Unranged, "bad_format"),
        ["Extended public key with derivation"] = (KeyFault.Unranged, "bad_format"),
        ["Extended public key with hardened derivation and unhardened children"] = (KeyFault.Hardened, "bad_format"),
        ["Extended public key with hardened derivation and children"] = (KeyFault.Hardened, "bad_format"),
        ["Extended public key with key origin, hardened derivation and children"] = (KeyFault.Hardened, "bad_format"),
        ["Extended private key"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with key origin"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with derivation"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with derivation and children"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with hardened derivation and unhardened children"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with hardened derivation and children"] = (KeyFault.PrivateKey, "private_key"),
        ["Extended private key with key origin, hardened derivation and children"] = (KeyFault.PrivateKey, "private_key"),
    };

    private static readonly Dictionary<string, (KeyFault Fault, string Code)> Checksums = new()
    {
        ["Valid checksum"] = (KeyFault.UnsupportedDescriptor, "unsupported_script"),
        ["No checksum"] = (KeyFault.UnsupportedDescriptor, "unsupported_script"),
        ["Missing checksum"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
        ["Too long checksum (9 chars)"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
        ["Too short checksum (7 chars)"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
        ["Error in payload"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
        ["Error in checksum"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
        ["Invalid characters in payload"] = (KeyFault.DescriptorChecksum, "bad_checksum"),
    };

    public static TheoryData<string, string> ValidKeys => BitcoinVectors.Pairs("descriptorKeys/valid", "text", "what");

    public static TheoryData<string, string> InvalidKeys => BitcoinVectors.Pairs("descriptorKeys/invalid", "text", "what");

    public static TheoryData<string, string> ChecksumTexts =>
        BitcoinVectors.Pairs("descriptorKeys/checksums", "text", "what");

    [Theory]
    [MemberData(nameof(ValidKeys))]
    public void A_published_valid_key_is_parsed_and_taken_or_refused_for_what_it_is(string text, string what)
    {
        Assert.Equal(KeyFault.None, KeyExpression.Read(text, out _));

        foreach (var form in new[] { "pkh({0})", "wpkh({0})", "sh(wpkh({0}))", "tr({0})" })
        {
            var descriptor = string.Format(null, form, text);
            if (Refused.TryGetValue(what, out var expected))
            {
                Refuse(descriptor, expected.Fault, expected.Code);
            }
            else
            {
                Assert.True(WalletKey.TryParse(BitcoinNetwork.Bitcoin, descriptor, null, out var key, out _), what);
                Assert.Equal("deadbeef", key.Fingerprint);
                Assert.Equal(OutputDescriptor.WithChecksum(descriptor), key.Text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ValidKeys))]
    public void A_published_valid_key_without_its_descriptor_is_taken_or_refused_too(string text, string what)
    {
        if (what is "Extended public key")
        {
            Assert.True(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, null, out var bare, out _));
            Assert.Equal(ScriptType.P2pkh, bare.ScriptType);
        }
        else if (what is "Extended public key with key origin" or "Extended public key with derivation and children")
        {
            // Its prefix would mean P2PKH, which the wallet that exported it need not watch.
            Refuse(text, KeyFault.ScriptMissing, "bad_format");
            Assert.True(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, "p2wpkh", out var key, out _));
            Assert.StartsWith("wpkh([deadbeef/0h/1h/2h]xpub", key.Text, StringComparison.Ordinal);
        }
        else
        {
            Refuse(text, Refused[what].Fault, Refused[what].Code);
        }
    }

    [Theory]
    [MemberData(nameof(InvalidKeys))]
    public void A_published_invalid_key_is_refused_for_its_form(string text, string what)
    {
        Assert.NotEmpty(what);
        Assert.NotEqual(KeyFault.None, KeyExpression.Read(text, out _));
        foreach (var form in new[] { "{0}", "wpkh({0})", "tr({0})" })
        {
            Assert.False(
                WalletKey.TryParse(BitcoinNetwork.Bitcoin, string.Format(null, form, text), null, out _, out var refusal));
            Assert.Equal(("xpub", "bad_format"), (refusal.Field, refusal.Code));
            Assert.Equal(
                text.Contains("xprv", StringComparison.Ordinal) || text.Contains(Wif, StringComparison.Ordinal),
                refusal.Message.Contains("looks like a private key", StringComparison.Ordinal));
            AssertNotEchoed(text, refusal.Message);
        }
    }

    [Theory]
    [MemberData(nameof(ChecksumTexts))]
    public void A_published_checksum_is_verified_when_present(string text, string what) =>
        Refuse(text, Checksums[what].Fault, Checksums[what].Code);

    [Fact]
    public void The_published_checksum_is_computed()
    {
        Assert.True(DescriptorChecksum.TryCompute("raw(deadbeef)", out var checksum));
        Assert.Equal("89f8spxm", checksum);
    }

    [Theory]
    [InlineData("wsh(multi(1,{0}/0/*,{0}/1/*))")]
    [InlineData("sh(multi(1,{0}/0/*,{0}/1/*))")]
    [InlineData("sh(wsh(pkh({0}/0/*)))")]
    [InlineData("wsh(pkh({0}/0/*))")]
    [InlineData("sh(pkh({0}/0/*))")]
    [InlineData("pk({0}/0/*)")]
    [InlineData("combo({0}/0/*)")]
    [InlineData("sortedmulti(1,{0}/0/*)")]
    [InlineData("addr(1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2)")]
    [InlineData("tr({0}/0/*,pk({0}/1/*))")]
    [InlineData("tr({0}/0/*,{{pk({0}/1/*),pk({0}/2/*)}})")]
    [InlineData("rawtr({0}/0/*)")]
    public void Descriptors_of_several_keys_or_none_are_unsupported(string form)
    {
        Refuse(string.Format(null, form, Xpub), KeyFault.UnsupportedDescriptor, "unsupported_script");
        if (form.Contains("{0}", StringComparison.Ordinal))
        {
            Refuse(string.Format(null, form, Xprv), KeyFault.PrivateKey, "private_key");
        }
    }

    [Theory]
    [InlineData("wpkh({0}/0/*")]
    [InlineData("wpkh{0}/0/*)")]
    [InlineData("wpkh({0}/0/*))")]
    [InlineData("Wpkh({0}/0/*)")]
    [InlineData("wpkh(wpkh({0}/0/*))")]
    [InlineData("foo({0}/0/*)")]
    [InlineData("wpkh ({0}/0/*)")]
    [InlineData("({0}/0/*)")]
    public void A_malformed_descriptor_is_refused_for_its_form(string form) =>
        Refuse(string.Format(null, form, Xpub), KeyFault.InvalidDescriptor, "bad_format");

    [Theory]
    [InlineData("{0}/")]
    [InlineData("{0}//*")]
    [InlineData("{0}/0/*/1")]
    [InlineData("{0}/*/*")]
    [InlineData("{0}/**")]
    [InlineData("{0}/-1/*")]
    [InlineData("{0}/+1/*")]
    [InlineData("{0}/ 1/*")]
    [InlineData("{0}/1 /*")]
    [InlineData("{0}/0x1/*")]
    [InlineData("{0}/2147483648/*")]
    [InlineData("{0}/4294967296/*")]
    [InlineData("{0}/1hh/*")]
    [InlineData("{0}/h/*")]
    [InlineData("{0}/<0>/*")]
    [InlineData("{0}/<0;0>/*")]
    [InlineData("{0}/<0;1/*")]
    [InlineData("{0}/<;1>/*")]
    [InlineData("{0}/<0;1>/<0;1>/*")]
    [InlineData("{0}/0/<0;*>")]
    public void A_malformed_path_is_refused_for_its_form(string form) =>
        Refuse($"wpkh({string.Format(null, form, Xpub)})", KeyFault.InvalidPath, "bad_format");

    [Theory]
    [InlineData("wpkh({0}/0h/*)")]
    [InlineData("wpkh({0}/0/*h)")]
    [InlineData("wpkh({0}/0'/*)")]
    [InlineData("wpkh({0}/<0h;1h>/*)")]
    [InlineData("wpkh({0}/<0;1>/*')")]
    public void Hardened_steps_below_the_key_are_refused_as_such(string form) =>
        Refuse(string.Format(null, form, Xpub), KeyFault.Hardened, "bad_format");

    [Theory]
    [InlineData("5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss")]
    [InlineData(Wif)]
    [InlineData(Xprv)]
    [InlineData("pkh(" + Wif + ")")]
    [InlineData("[deadbeef/84h/0h/0h]" + Xprv + "/0/*")]
    [InlineData("wsh(multi(1," + Xpub + "/0/*," + Xprv + "/0/*))")]
    [InlineData("6PYNKZ1EAgYgmQfmNVamxyXVWHzK5s6DGhwP4J5o44cvXdoY7sRzhtpUeo")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")]
    [InlineData("legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal will")]
    public void A_private_key_in_any_spelling_is_refused_as_such_and_not_repeated(string text)
    {
        foreach (var network in BitcoinNetwork.All)
        {
            Assert.False(WalletKey.TryParse(network, text, null, out _, out var refusal));
            Assert.Equal(("xpub", "private_key"), (refusal.Field, refusal.Code));
            AssertNotEchoed(text, refusal.Message);
        }
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData("  ", "required")]
    [InlineData("hello", "bad_format")]
    [InlineData("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", "bad_format")]
    [InlineData("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "bad_format")]
    [InlineData("xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEl", "bad_format")]
    [InlineData("xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEM", "bad_checksum")]
    [InlineData("xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcE", "bad_checksum")]
    public void What_is_no_key_is_refused_for_its_form(string? text, string code)
    {
        Assert.False(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, null, out _, out var refusal));
        Assert.Equal(("xpub", code), (refusal.Field, refusal.Code));
    }

    [Fact]
    public void A_text_over_the_limit_is_refused_unread()
    {
        Refuse(new string('x', WalletKey.MaximumTextLength), KeyFault.NotAKey, "bad_format");
        Refuse(new string('x', WalletKey.MaximumTextLength + 1), KeyFault.TooLong, "too_long");
    }

    private static void Refuse(string text, KeyFault fault, string code)
    {
        Assert.Equal(fault, WalletKeyReader.Read(BitcoinNetwork.Bitcoin, text, null, out _));
        Assert.False(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, null, out _, out var refusal));
        Assert.Equal(("xpub", code), (refusal.Field, refusal.Code));
        AssertNotEchoed(text, refusal.Message);
    }

    private static void AssertNotEchoed(string text, string message)
    {
        // No run of a dozen characters of a key may come back.
        for (var i = 0; i + 12 <= text.Length; i++)
        {
            var part = text.Substring(i, 12);
            Assert.False(part.All(char.IsAsciiLetterOrDigit) && message.Contains(part, StringComparison.Ordinal), message);
        }
    }
}
