using Microsoft.Extensions.Configuration;
using OpenBitum.Access;
using OpenBitum.Settings;

namespace OpenBitum.Webhooks;

public sealed class WebhooksSettingsTests
{
    [Theory]
    [InlineData("Webhooks:RetryDelaysSeconds:0", "86400", null)]
    [InlineData("Webhooks:RetryDelaysSeconds:0", "86401", "Webhooks:RetryDelaysSeconds")]
    [InlineData("Webhooks:RetryDelaysSeconds:0", "-1", "Webhooks:RetryDelaysSeconds")]
    [InlineData("Webhooks:JitterPct", "50", null)]
    [InlineData("Webhooks:JitterPct", "51", "Webhooks:JitterPct")]
    [InlineData("Webhooks:ConcurrentPerEndpoint", "0", "Webhooks:ConcurrentPerEndpoint")]
    [InlineData("Webhooks:AllowedPrivateHosts:0", "127.0.0.1", null)]
    [InlineData("Webhooks:AllowedPrivateHosts:0", "sink", null)]
    [InlineData("Webhooks:AllowedPrivateHosts:0", "http://127.0.0.1", "Webhooks:AllowedPrivateHosts")]
    [InlineData("Webhooks:RetryDelays", "1", "Webhooks:RetryDelays")]
    public void A_value_is_taken_within_its_bounds_and_refused_with_its_key_outside(string key, string value, string? refused)
    {
        var reader = new SettingsReader();

        reader.Read<WebhooksOptions>(Configuration(key, value), "Webhooks");

        Assert.Equal(refused, reader.Problems.SingleOrDefault()?.Key);
    }

    [Fact]
    public void A_configured_secret_out_of_its_bounds_is_refused_and_not_repeated()
    {
        var reader = new SettingsReader();

        Assert.Null(OperatorSecret.Configured(Configuration(OperatorSecret.SettingKey, "too-short-a-secret"), reader));

        var problem = Assert.Single(reader.Problems);
        Assert.Equal("GLUE_OUTBOUND_WEBHOOK_SECRET", problem.Key);
        Assert.DoesNotContain("too-short", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_secret_is_its_own_bytes_and_none_is_no_mistake()
    {
        var reader = new SettingsReader();

        Assert.Equal(
            "openbitum_test_secret_0123456789"u8.ToArray(),
            OperatorSecret.Configured(Configuration(OperatorSecret.SettingKey, "openbitum_test_secret_0123456789"), reader)!.Key);
        Assert.Null(OperatorSecret.Configured(Configuration(OperatorSecret.SettingKey, ""), reader));
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void The_instances_own_secret_is_made_once_within_the_bounds_of_a_configured_one()
    {
        var secrets = new MemorySecrets();

        var first = OperatorSecret.Kept(secrets);

        Assert.True(OperatorSecret.IsValid(secrets.Texts["webhook-secret"]));
        Assert.Equal(first.Key, OperatorSecret.Kept(secrets).Key);
        secrets.Texts["webhook-secret"] = "damaged";
        Assert.Throws<InvalidDataException>(() => OperatorSecret.Kept(secrets));
    }

    private static IConfiguration Configuration(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();

    private sealed class MemorySecrets : ISecretStore
    {
        public Dictionary<string, string> Texts { get; } = [];

        public string Keep(string name, Func<string> make) => Texts.TryGetValue(name, out var text) ? text : Texts[name] = make();
    }
}
