using Microsoft.Extensions.Logging;
using OpenBitum.Chains;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Wallets;

/// <summary>One merchant's wallet on one chain. While a key is checked with the node, checkouts go on with the former one.</summary>
public sealed partial class WalletGrain(
    [PersistentState("wallet", "grains")] IPersistentState<WalletState> record,
    ChainCatalog chains,
    IDatabase database,
    TimeProvider clock,
    ILogger<WalletGrain> logger) : Grain, IWalletGrain
{
    // Calls that read interleave with a change, and are told of it once it is written.
    private WalletState wallet = new();

    private string Chain => this.GetPrimaryKeyString().Split('/')[^1];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        wallet = record.State;
        return Task.CompletedTask;
    }

    public async Task<SetWalletResult> Set(SetWallet command)
    {
        var network = NetworkOf(command.Chain);
        var decision = Wallet.Decide(wallet, command, network, derivation: null, clock.Now());
        if (decision is WalletDecision.AskNode question)
        {
            var derivation = await Ask(question);
            decision = Wallet.Decide(wallet, command, network, derivation, clock.Now());
        }

        switch (decision)
        {
            case WalletDecision.Refused refused:
                LogRefused(this.GetPrimaryKeyString(), refused.Problems[0].Field, refused.Problems[0].Code);
                return new SetWalletResult(SetWalletStatus.Invalid, null, refused.Problems);

            case WalletDecision.Accepted accepted:
                // Nobody is told of a key that could not hand out addresses yet.
                await GrainFactory.GetGrain<IKeyGrain>(accepted.Key.KeyId).Register(accepted.Key.Descriptor);
                await Write(accepted.State);
                LogSet(this.GetPrimaryKeyString(), accepted.Key.KeyId);
                return new SetWalletResult(SetWalletStatus.Done, await View(), []);

            default:
                throw new InvalidOperationException($"A wallet was decided to {decision}.");
        }
    }

    public async Task<WalletView?> View()
    {
        var shown = wallet;
        if (shown.Current is not { } key)
        {
            return null;
        }

        var nextIndex = await GrainFactory.GetGrain<IKeyGrain>(key.KeyId).NextIndex();
        var highestPaid = await database.Read(session => PaidKeyRows.HighestPaid(session, key.KeyId));
        return Wallet.View(shown, Chain, nextIndex, highestPaid);
    }

    public Task<CurrentKey?> Current() => Task.FromResult(
        wallet.Current is { } key ? new CurrentKey(key.KeyId, key.ScriptType)
        : Chain == ChainCatalog.Sandbox ? new CurrentKey(SandboxKey.Key.KeyId, SandboxKey.Key.ScriptType.ToName())
        : null);

    private BitcoinNetwork? NetworkOf(string chain) =>
        chains.Find(chain) is { } followed && BitcoinNetwork.TryFind(followed.Id, followed.Network, out var network)
            ? network
            : null;

    private async Task<NodeDerivation> Ask(WalletDecision.AskNode question)
    {
        try
        {
            return await GrainFactory.GetGrain<IChainFollowerGrain>(Chain)
                .DeriveAddresses(question.Key.Descriptor, question.Count);
        }
        catch (TimeoutException)
        {
            return new NodeDerivation(NodeDerivationStatus.Unreachable, []);
        }
    }

    private async Task Write(WalletState next)
    {
        record.State = next;
        try
        {
            await record.WriteStateAsync();
            wallet = next;
        }
        catch
        {
            // Whether it was written may be unknown; only the store can tell, so the next call reads again.
            record.State = wallet;
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet {Wallet} hands out addresses of key {Key}")]
    private partial void LogSet(string wallet, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "A key for wallet {Wallet} was refused: {Field} {Code}")]
    private partial void LogRefused(string wallet, string field, string code);
}
