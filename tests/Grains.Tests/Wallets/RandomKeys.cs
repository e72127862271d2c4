namespace OpenBitum.Wallets;

/// <summary>Account keys that follow from a seed, whose private halves nobody needs.</summary>
internal static class RandomKeys
{
    /// <summary>An extended key under a prefix of SLIP-132.</summary>
    public static string Next(SeededBytes seeded, string prefix)
    {
        var version = ExtendedKeyVersion.All.Single(row => row.PublicPrefix == prefix);
        Assert.True(Generator.AddMultiple(JacobianPoint.Infinity, seeded.Next32()).TryToAffine(out var point));
        var key = new ExtendedKey(version, 3, 0x5EEDED00, ExtendedKey.FirstHardened, [.. seeded.Next32()], point);
        return key.ToText(version.Public);
    }
}
