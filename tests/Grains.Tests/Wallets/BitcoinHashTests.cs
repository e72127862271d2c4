using System.Text;

namespace OpenBitum.Wallets;

public sealed class BitcoinHashTests
{
    // The vectors of the authors' page (https://homes.esat.kuleuven.be/~bosselae/ripemd160.html).
    [Theory]
    [InlineData("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [InlineData("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [InlineData("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [InlineData("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b")]
    [InlineData(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189")]
    public void Ripemd160_gives_the_published_hashes(string message, string hash) =>
        Assert.Equal(hash, Ripemd160Of(Encoding.ASCII.GetBytes(message)));

    [Theory]
    [InlineData("1234567890", 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb")]
    [InlineData("a", 1_000_000, "52783243c1697bdbe16d37f97f68f08325dc1528")]
    public void Ripemd160_gives_the_published_hashes_of_repeated_text(string text, int times, string hash) =>
        Assert.Equal(hash, Ripemd160Of(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)))));

    [Fact]
    public void Tagged_hashes_begin_with_the_tag_twice()
    {
        // BIP340: the tag BIP0340/challenge has this SHA-256.
        var expected = System.Security.Cryptography.SHA256.HashData(
        [
            .. Convert.FromHexString("7BB52D7A9FEF58323EB1BF7A407DB382D2F3F2D81BB1224F49FE518F6D48D37C"),
            .. Convert.FromHexString("7BB52D7A9FEF58323EB1BF7A407DB382D2F3F2D81BB1224F49FE518F6D48D37C"),
            1, 2, 3,
        ]);
        Assert.Equal(expected, BitcoinHash.Tagged("BIP0340/challenge", [1, 2, 3]));

        var tweak = new byte[32];
        var key = new SeededBytes("key").Next32();
        BitcoinHash.TapTweak(key, tweak);
        Assert.Equal(BitcoinHash.Tagged("TapTweak", key), tweak);
    }

    private static string Ripemd160Of(byte[] message)
    {
        var hash = new byte[Ripemd160.HashLength];
        Ripemd160.Hash(message, hash);
        return Convert.ToHexStringLower(hash);
    }
}
