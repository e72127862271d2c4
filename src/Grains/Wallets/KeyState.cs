namespace OpenBitum.Wallets;

/// <summary>Stored form of one key's counter.</summary>
public sealed record KeyState
{
    /// <summary>The key itself, as <see cref="WalletKey.Descriptor"/>; null until it was registered.</summary>
    public string? Descriptor { get; init; }

    /// <summary>The mark: every address below it may have been handed out.</summary>
    public long NextIndex { get; init; }
}
