using OpenBitum.Chains;
using OpenBitum.ReadModel;
using OpenBitum.Wallets;

namespace OpenBitum.Orders;

/// <summary>Gives an order an address that nobody else has, and that is watched before anybody sees it.</summary>
public sealed class OrderAddresses(IGrainFactory grains, IDatabase database)
{
    /// <summary>
    /// A counter that is behind what was claimed, as after a restored backup, catches up by one for each. More than this has another cause.
    /// </summary>
    private const int MostAttempts = 1_000;

    /// <param name="order">Who is paid there.</param>
    /// <param name="chain">Where.</param>
    /// <param name="keyId">Whose child the address is.</param>
    /// <param name="since">Nothing before this moment can pay it.</param>
    /// <exception cref="InvalidOperationException">Every address of the key that was tried belongs to somebody else.</exception>
    public async Task<OrderAddress> Give(OrderId order, string chain, string keyId, DateTimeOffset since)
    {
        var key = grains.GetGrain<IKeyGrain>(keyId);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var allocated = await key.Allocate(order);
            var claimed = await database.Write(session => ScriptRows.Claim(
                session, chain, allocated.Script, order.Value, allocated.KeyId, allocated.Index, since));
            if (claimed)
            {
                await grains.GetGrain<IChainFollowerGrain>(chain).Watch(new WatchScript(allocated.Script, order.Value, since));
                return new OrderAddress(allocated.KeyId, allocated.Index, allocated.Address, allocated.Script);
            }
        }

        throw new InvalidOperationException($"No address of key {keyId} on {chain} is free.");
    }
}
