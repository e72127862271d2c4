using System.Net;
using OpenBitum.Silo;
using Orleans.Runtime.MembershipService;
using Xunit;

namespace OpenBitum.Tests.Cluster;

/// <summary>Who is in the cluster when its silos come back.</summary>
public sealed class MembershipTests
{
    /// <summary>
    /// The table as silos leave it that were killed at work 80 s ago: they are called alive, and will be missed in 10 s. 3 is active.
    /// </summary>
    private const string KilledAtWork =
        """
        WITH killed AS (
            UPDATE orleansmembershiptable SET status = 3, suspecttimes = NULL,
                starttime = now() - interval '1 hour', iamalivetime = now() - interval '80 seconds')
        UPDATE orleansmembershipversiontable SET version = version + 1
        """;

    [Fact]
    public async Task Silos_that_come_elsewhere_join_though_all_former_ones_were_killed_a_moment_ago()
    {
        await using var server = await ApiServer.Start();
        var product = await server.NewProduct();

        await server.Restart(() => server.Grains.Execute(KilledAtWork));

        Assert.Equal(HttpStatusCode.OK, (await server.Get($"/api/products/{product}")).Status);
    }

    [Fact]
    public void A_silo_that_cannot_reach_the_others_is_told_where_to_look_in_one_line()
    {
        var said = SiloEngine.Explain(new OrleansClusterConnectivityCheckFailedException(
            "Failed to get ping responses from 1 of 1 active silos. Failed to get response from: [S10.0.0.7:11111:154334914]"));

        Assert.NotNull(said);
        Assert.Contains("10.0.0.7:11111", said, StringComparison.Ordinal);
        Assert.Contains("Orleans:Endpoints:AdvertisedIPAddress", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }
}
