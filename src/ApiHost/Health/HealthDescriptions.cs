using System.Collections.Immutable;
using OpenBitum.Chains;
using OpenBitum.OpenApi;

namespace OpenBitum.Health;

internal static class HealthDescriptions
{
    public static Operation Healthy() => Live("getHealth");

    public static Operation Alive() => Live("getLiveness");

    public static Operation Ready() => new("getReadiness", Tag.Service, "Says whether orders can be taken")
    {
        About = "503 when nothing can be stored. A chain that is degraded is offered to no new order. The edge secret is not needed.",
        Example = new ReadinessView(
            Readiness.Ready,
            new StoreReadiness(Readiness.Ready, null),
            ImmutableSortedDictionary<string, ChainStatus>.Empty.Add("SANDBOX", new ChainStatus(ChainHealth.Ready, 12, 12, Sample.At, null))),
    };

    private static Operation Live(string id) => new(id, Tag.Service, "Says that the process runs") { Example = new Health.Alive("live") };
}
