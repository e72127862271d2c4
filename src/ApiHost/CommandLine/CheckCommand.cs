using OpenBitum.Chains;
using OpenBitum.Settings;
using OpenBitum.Silo;

namespace OpenBitum.CommandLine;

/// <summary>`check`: validates the configuration and reaches each chain's node, without touching the data of a running host.</summary>
internal static class CheckCommand
{
    private const string Usage =
        """
        Usage: openbitum check [--Key=Value …]

        Validates the configuration and reaches each chain's node. Exit code 0 when all is well.
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(string[] args)
    {
        if (!Options.TryParse(args, [], out var options, out var problem))
        {
            return Commands.Misuse(problem, Usage);
        }

        if (options.WantsHelp)
        {
            Console.WriteLine(Usage);
            return Commands.Done;
        }

        var builder = WebApplication.CreateSlimBuilder([.. options.Settings]);
        builder.Logging.ClearProviders();
        builder.Services.AddFeatures(builder.Configuration);
        builder.ReadApiSettings();
        SiloEngine.OpenSecrets(builder.Configuration, builder.Services.SettingsReader());
        await using var app = builder.Build();
        Console.WriteLine("The configuration is in order.");

        var isWell = true;
        foreach (var chain in app.Services.GetRequiredService<ChainCatalog>().All.Where(chain => chain.Node is not null))
        {
            isWell &= await Reach(app.Services.GetRequiredKeyedService<IChain>(chain.Id), chain);
        }

        return isWell ? Commands.Done : Commands.Refused;
    }

    private static async Task<bool> Reach(IChain node, Chain chain)
    {
        using var limited = new CancellationTokenSource(Patience);
        try
        {
            var tip = await node.Tip(limited.Token);
            Console.WriteLine($"{chain.Id}: the node answers at height {tip.Height}{(tip.Starting ? ", still starting" : "")}.");
            return true;
        }
        catch (Exception failure) when (failure is ChainUnavailableException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"{chain.Id}: the node at {chain.Node!.RpcUrl} does not answer ({failure.Message}). See Chains:{chain.Id}:RpcUrl.");
            return false;
        }
    }
}
