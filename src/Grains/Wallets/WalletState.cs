using System.Collections.Immutable;

namespace OpenBitum.Wallets;

/// <summary>Stored form of one merchant's wallet on one chain.</summary>
public sealed record WalletState
{
    /// <summary>The key in force; null until the first.</summary>
    public StoredKey? Current { get; init; }

    /// <summary>Keys that were in force before, each once: their addresses stay watched.</summary>
    public ImmutableArray<StoredKey> Former { get; init; } = [];
}

/// <summary>A key as it was taken, with what its view shows and need not be derived again.</summary>
/// <param name="Text">As it is shown; see <see cref="WalletKey.Text"/>.</param>
/// <param name="Warnings">Of the moment it was given.</param>
public sealed record StoredKey(
    string KeyId,
    string Network,
    string Text,
    string ScriptType,
    string Fingerprint,
    string? Label,
    ImmutableArray<string> FirstAddresses,
    ImmutableArray<WalletWarning> Warnings,
    DateTimeOffset CreatedAt);
