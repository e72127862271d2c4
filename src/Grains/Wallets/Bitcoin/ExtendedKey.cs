using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace OpenBitum.Wallets;

/// <summary>An extended public key (BIP32): a public key with the chain code that its children are derived with.</summary>
internal sealed record ExtendedKey(
    ExtendedKeyVersion Version,
    byte Depth,
    uint ParentFingerprint,
    uint ChildNumber,
    ImmutableArray<byte> ChainCode,
    AffinePoint PublicKey)
{
    public const int ChainCodeLength = 32;

    /// <summary>Child numbers from here on are hardened: only the private key can derive them.</summary>
    public const uint FirstHardened = 0x8000_0000;

    private const int PayloadLength = 78;

    /// <summary>The first four bytes of the key's HASH160, by which BIP32 refers to a key.</summary>
    public uint Fingerprint
    {
        get
        {
            Span<byte> hash = stackalloc byte[BitcoinHash.Hash160Length];
            BitcoinHash.Hash160(PublicKey.ToCompressed(), hash);
            return BinaryPrimitives.ReadUInt32BigEndian(hash);
        }
    }

    /// <summary>
    /// Reads the base58check form. A well-formed private key is <see cref="KeyFault.PrivateKey"/>; nothing of it is
    /// kept. Every rule of BIP32's "Test vector 5" has its own fault.
    /// </summary>
    public static KeyFault Read(ReadOnlySpan<char> text, out ExtendedKey? key)
    {
        key = null;
        switch (Base58Check.Decode(text, out var payload))
        {
            case Base58Fault.NotBase58:
                return KeyFault.NotAKey;
            case Base58Fault.BadChecksum:
                return KeyFault.KeyChecksum;
        }

        var fault = Read(payload, out key);
        CryptographicOperations.ZeroMemory(payload);
        return fault;
    }

    /// <summary>Writes the base58check form under the given four version bytes.</summary>
    public string ToText(uint version)
    {
        Span<byte> payload = stackalloc byte[PayloadLength];
        BinaryPrimitives.WriteUInt32BigEndian(payload, version);
        payload[4] = Depth;
        BinaryPrimitives.WriteUInt32BigEndian(payload[5..], ParentFingerprint);
        BinaryPrimitives.WriteUInt32BigEndian(payload[9..], ChildNumber);
        ChainCode.AsSpan().CopyTo(payload[13..]);
        PublicKey.WriteCompressed(payload[45..]);
        return Base58Check.Encode(payload);
    }

    /// <summary>
    /// The child with this number (CKDpub). False for the numbers that BIP32 calls invalid, of which nobody has ever
    /// seen one. A hardened number cannot be derived from a public key, so asking for one is an error in the program.
    /// </summary>
    public bool TryDerive(uint childNumber, out ExtendedKey child)
    {
        child = this;
        if (Depth == byte.MaxValue
            || !ChildKeys.TryDerive(PublicKey, ChainCode.AsSpan(), childNumber, out var publicKey, out var chainCode))
        {
            return false;
        }

        child = new ExtendedKey(Version, (byte)(Depth + 1), Fingerprint, childNumber, [.. chainCode], publicKey);
        return true;
    }

    private static KeyFault Read(ReadOnlySpan<byte> payload, out ExtendedKey? key)
    {
        key = null;
        if (payload.Length != PayloadLength)
        {
            return KeyFault.KeyLength;
        }

        var versionBytes = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (ExtendedKeyVersion.Find(versionBytes) is not { } version)
        {
            return KeyFault.UnknownVersion;
        }

        var depth = payload[4];
        var parentFingerprint = BinaryPrimitives.ReadUInt32BigEndian(payload[5..]);
        var childNumber = BinaryPrimitives.ReadUInt32BigEndian(payload[9..]);
        var keyBytes = payload[45..];
        if (depth == 0 && parentFingerprint != 0)
        {
            return KeyFault.ParentWithoutDepth;
        }

        if (depth == 0 && childNumber != 0)
        {
            return KeyFault.ChildNumberWithoutDepth;
        }

        if (versionBytes == version.Private)
        {
            return JudgePrivate(keyBytes);
        }

        if (keyBytes[0] == 0)
        {
            return KeyFault.PublicVersionWithPrivateKey;
        }

        if (keyBytes[0] is not (2 or 3))
        {
            return KeyFault.InvalidPublicKeyPrefix;
        }

        if (!AffinePoint.TryReadCompressed(keyBytes, out var publicKey))
        {
            return KeyFault.NotOnCurve;
        }

        key = new ExtendedKey(
            version, depth, parentFingerprint, childNumber, [.. payload.Slice(13, ChainCodeLength)], publicKey);
        return KeyFault.None;
    }

    private static KeyFault JudgePrivate(ReadOnlySpan<byte> keyBytes)
    {
        if (keyBytes[0] is 2 or 3)
        {
            return KeyFault.PrivateVersionWithPublicKey;
        }

        if (keyBytes[0] != 0)
        {
            return KeyFault.InvalidPrivateKeyPrefix;
        }

        var secret = keyBytes[1..];
        return secret.ContainsAnyExcept((byte)0) && Generator.IsBelowOrder(secret)
            ? KeyFault.PrivateKey
            : KeyFault.PrivateKeyOutOfRange;
    }
}
