using System.Security.Cryptography;

namespace OpenBitum.Wallets;

public sealed class SandboxKeyTests
{
    [Fact]
    public void The_built_in_key_is_made_of_a_point_that_nobody_chose()
    {
        // BIP341: H = lift_x(SHA-256 of the generator's uncompressed form).
        var uncompressed = new byte[AffinePoint.UncompressedLength];
        uncompressed[0] = 4;
        AffinePoint.Generator.X.Write(uncompressed.AsSpan(1));
        AffinePoint.Generator.Y.Write(uncompressed.AsSpan(33));
        var x = SHA256.HashData(uncompressed);
        Assert.Equal("50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0", Convert.ToHexStringLower(x));
        Assert.True(AffinePoint.TryLift(x, odd: false, out var point));

        var version = ExtendedKeyVersion.Find(ExtendedKeyVersion.Vpub)!;
        var key = new ExtendedKey(version, 0, 0, 0, [.. SHA256.HashData("OpenBitum SANDBOX"u8)], point);
        Assert.Equal(SandboxKey.Text, key.ToText(ExtendedKeyVersion.Vpub));
    }

    [Fact]
    public void The_built_in_key_has_sandbox_addresses()
    {
        var address = SandboxKey.Key.AddressAt(0);
        Assert.StartsWith("sb1q", address?.Address, StringComparison.Ordinal);
        Assert.StartsWith("SANDBOX/testnet/", SandboxKey.Key.KeyId, StringComparison.Ordinal);
    }
}
