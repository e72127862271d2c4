using System.Collections.Immutable;

namespace OpenBitum.Wallets;

/// <summary>The address with this number below a wallet key, and the output script that it stands for.</summary>
public sealed record DerivedAddress(uint Index, string Address, ImmutableArray<byte> ScriptPubKey);
