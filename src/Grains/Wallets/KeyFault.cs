namespace OpenBitum.Wallets;

/// <summary>Why a text is not taken as a wallet key. First what makes it malformed, then what makes it unusable.</summary>
internal enum KeyFault
{
    None,

    Missing,
    TooLong,
    NotAKey,
    KeyChecksum,
    KeyLength,
    UnknownVersion,
    PublicVersionWithPrivateKey,
    PrivateVersionWithPublicKey,
    InvalidPublicKeyPrefix,
    InvalidPrivateKeyPrefix,
    ParentWithoutDepth,
    ChildNumberWithoutDepth,
    PrivateKeyOutOfRange,
    NotOnCurve,
    InvalidOrigin,
    InvalidPath,
    InvalidDescriptor,
    DescriptorChecksum,

    PrivateKey,
    RecoveryPhrase,
    MultiSignature,
    UnsupportedDescriptor,
    WrongNetwork,
    ScriptPrefixInDescriptor,
    Uncompressed,
    SingleKey,
    Hardened,
    Unranged,
    ScriptMissing,
    ScriptNotOnNetwork,

    ScriptTypeUnknown,
    ScriptTypeUnsupported,
    ScriptTypeContradicts,
    ScriptTypeNotOnNetwork,
}
