using OpenBitum.Money;

namespace OpenBitum.Chains;

/// <summary>One chain that this instance follows.</summary>
/// <param name="Id">`BTC`, `LTC`, `SANDBOX`; also the name of its payment method.</param>
/// <param name="Network">`mainnet`, `testnet` or `regtest`; SANDBOX takes testnet keys.</param>
/// <param name="Asset">What is paid on it.</param>
/// <param name="ConfirmationsRequired">Unless the merchant wants others; 1 is the tip's block.</param>
/// <param name="DustRelayFeeRate">Atoms per 1,000 virtual bytes below which nodes think that spending an output costs more than it is worth.</param>
public sealed record Chain(string Id, string Network, Asset Asset, int ConfirmationsRequired, int DustRelayFeeRate)
{
    /// <summary>Null for SANDBOX, which needs no node.</summary>
    public ChainOptions? Node { get; init; }

    public required FollowOptions Follow { get; init; }

    /// <summary>
    /// The least amount that nodes relay to a script of this type: what its output and the input that spends it cost (Bitcoin
    /// Core, GetDustThreshold): 546, 540, 294 and 330 satoshi on BTC.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The script type is none of `p2pkh`, `p2sh-p2wpkh`, `p2wpkh`, `p2tr`.</exception>
    public Amount DustLimit(string scriptType)
    {
        const int plainInput = 148;
        const int witnessInput = 67;
        var virtualBytes = scriptType switch
        {
            "p2pkh" => 34 + plainInput,
            "p2sh-p2wpkh" => 32 + plainInput,
            "p2wpkh" => 31 + witnessInput,
            "p2tr" => 43 + witnessInput,
            _ => throw new ArgumentOutOfRangeException(nameof(scriptType), scriptType, "No such script type."),
        };
        return new Amount(Asset, virtualBytes * DustRelayFeeRate / 1_000);
    }
}
