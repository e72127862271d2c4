using Microsoft.Extensions.Configuration;
using OpenBitum.Settings;

namespace OpenBitum.Chains;

public sealed class ChainCatalogTests
{
    private const string Node = "http://127.0.0.1:8332";

    [Fact]
    public void The_sandbox_is_on_when_the_instance_is_local_and_no_other_chain_is_configured()
    {
        Assert.Equal(["SANDBOX"], Ids(isLocal: true));
        Assert.Empty(Ids(isLocal: false));
        Assert.Equal(["BTC"], Ids(isLocal: true, ("Chains:BTC:RpcUrl", Node)));
    }

    [Fact]
    public void The_sandbox_can_be_switched_either_way()
    {
        Assert.Empty(Ids(isLocal: true, ("Chains:SANDBOX:Enabled", "false")));
        Assert.Equal(["SANDBOX"], Ids(isLocal: false, ("Chains:SANDBOX:Enabled", "true")));
        Assert.Equal(["LTC", "SANDBOX"], Ids(true, ("Chains:LTC:RpcUrl", Node), ("Chains:SANDBOX:Enabled", "true")));
    }

    [Fact]
    public void Confirmations_are_the_chains_own_unless_configured()
    {
        var usual = Catalog(true, ("Chains:BTC:RpcUrl", Node), ("Chains:LTC:RpcUrl", Node), ("Chains:SANDBOX:Enabled", "true"));
        var chosen = Catalog(true, ("Chains:BTC:RpcUrl", Node), ("Chains:BTC:Confirmations", "6"));

        Assert.Equal([1, 2, 1], usual.All.Select(chain => chain.ConfirmationsRequired));
        Assert.Equal(6, chosen.Find("BTC")!.ConfirmationsRequired);
        Assert.Null(chosen.Find("LTC"));
    }

    [Theory]
    [InlineData("BTC", "p2pkh", 546)]
    [InlineData("BTC", "p2sh-p2wpkh", 540)]
    [InlineData("BTC", "p2wpkh", 294)]
    [InlineData("BTC", "p2tr", 330)]
    [InlineData("LTC", "p2wpkh", 2_940)]
    public void The_dust_limit_is_what_nodes_relay(string chain, string scriptType, long atoms)
    {
        var catalog = Catalog(true, ("Chains:BTC:RpcUrl", Node), ("Chains:LTC:RpcUrl", Node));

        Assert.Equal(atoms, catalog.Find(chain)!.DustLimit(scriptType).Atoms);
    }

    [Fact]
    public void Only_mainnets_tip_can_be_stale()
    {
        var catalog = Catalog(true, ("Chains:BTC:RpcUrl", Node), ("Chains:LTC:RpcUrl", Node), ("Chains:LTC:Network", "regtest"));

        Assert.Equal(7_200, catalog.Find("BTC")!.Follow.StaleTipSeconds);
        Assert.Null(catalog.Find("LTC")!.Follow.StaleTipSeconds);
    }

    [Theory]
    [InlineData("Chains:BTC:Confirmations", "0", "1 to 100")]
    [InlineData("Chains:BTC:Confirmations", "101", "1 to 100")]
    [InlineData("Chains:BTC:Network", "main", "mainnet, testnet, regtest")]
    [InlineData("Chains:BTC:PollIntervalMilliseconds", "99", "100 to 60000")]
    [InlineData("Chains:BTC:DegradedAfterSeconds", "4", "5 to 3600")]
    [InlineData("Chains:BTC:RpcUrl", "127.0.0.1:8332", "http://127.0.0.1:8332")]
    [InlineData("Chains:BTC:RpcUser", "me", "RpcCookieFile alone")]
    [InlineData("Chains:DOGE:RpcUrl", Node, "BTC, LTC, SANDBOX")]
    public void A_wrong_value_names_its_key_and_what_to_write(string key, string value, string wanted)
    {
        var reader = new SettingsReader();
        reader.Read<ChainsOptions>(Configuration([(key, value), ("Chains:BTC:RpcUrl", Node)]), "Chains");

        var problem = Assert.Single(reader.Problems.DistinctBy(problem => problem.Key.Split(':')[1]));
        Assert.StartsWith(string.Join(':', key.Split(':')[..2]), problem.Key, StringComparison.Ordinal);
        Assert.Contains(wanted, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_needs_its_nodes_address_and_its_address_keeps_no_password()
    {
        var reader = new SettingsReader();
        reader.Read<ChainsOptions>(
            Configuration([("Chains:BTC:Network", "regtest"), ("Chains:LTC:RpcUrl", "http://me:secret@127.0.0.1:1")]), "Chains");

        Assert.Equal(["Chains:BTC:RpcUrl", "Chains:LTC:RpcUrl"], reader.Problems.Select(problem => problem.Key));
        Assert.DoesNotContain(reader.Problems, problem => problem.Message.Contains("secret", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Ids(bool isLocal, params (string Key, string Value)[] settings) =>
        Catalog(isLocal, settings).All.Select(chain => chain.Id);

    private static ChainCatalog Catalog(bool isLocal, params (string Key, string Value)[] settings)
    {
        var reader = new SettingsReader();
        var options = reader.Read<ChainsOptions>(Configuration(settings), "Chains");
        Assert.Empty(reader.Problems);
        return ChainCatalog.Of(options, isLocal);
    }

    private static IConfiguration Configuration((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.DistinctBy(setting => setting.Key).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
