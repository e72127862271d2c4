using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Health;

internal enum Readiness { Ready, Degraded, Unavailable }

internal sealed record Alive(string Status);

internal sealed record StoreReadiness(
    Readiness Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

internal sealed record ReadinessView(Readiness Status, StoreReadiness Store, ImmutableSortedDictionary<string, ChainStatus> Chains);

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/healthz").Allow(AccessLevel.Open);
        health.MapMethods("", Routes.Reading, Live).Takes().Describe(HealthDescriptions.Healthy);
        health.MapMethods("/live", Routes.Reading, Live).Takes().Describe(HealthDescriptions.Alive);
        health.MapMethods("/ready", Routes.Reading, Ready).Takes().Describe(HealthDescriptions.Ready);
    }

    private static Ok<Alive> Live() => new(new Alive("live"));

    private static async Task<OneOf.Results<Ok<ReadinessView>, NotReady>> Ready(ChainCatalog chains, IGrainFactory grains)
    {
        var store = Store(grains);
        var health = await Task.WhenAll(chains.All.Select(chain => Chain(grains, chain.Id)));
        var byChain = chains.All.Select((chain, index) => KeyValuePair.Create(chain.Id, health[index])).ToImmutableSortedDictionary();
        var isDegraded = health.Any(chain => chain.Status is not ChainHealth.Ready);
        return await store is { Status: Readiness.Unavailable } unavailable
            ? new NotReady(new ReadinessView(Readiness.Unavailable, unavailable, byChain))
            : new Ok<ReadinessView>(new ReadinessView(isDegraded ? Readiness.Degraded : Readiness.Ready, await store, byChain));
    }

    private static async Task<StoreReadiness> Store(IGrainFactory grains)
    {
        try
        {
            await grains.GetGrain<IStoreProbeGrain>("0").Write();
            return new StoreReadiness(Readiness.Ready, null);
        }
        catch (Exception failure) when (failure is DbException or OrleansException or TimeoutException)
        {
            // The message names paths and hosts, and anybody may ask.
            return new StoreReadiness(Readiness.Unavailable, "writes are refused");
        }
    }

    private static async Task<ChainStatus> Chain(IGrainFactory grains, string id)
    {
        try
        {
            return await grains.GetGrain<IChainFollowerGrain>(id).Status();
        }
        catch (Exception failure) when (failure is DbException or OrleansException or TimeoutException)
        {
            return new ChainStatus(ChainHealth.Degraded, 0, 0, null, "its follower does not answer");
        }
    }
}

/// <summary>503 with the whole view, so that a person sees what is missing.</summary>
[Answers(StatusCodes.Status503ServiceUnavailable, typeof(ReadinessView))]
internal sealed class NotReady(ReadinessView view) : Answer(StatusCodes.Status503ServiceUnavailable)
{
    public override ReadOnlyMemory<byte> Body { get; } = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(view, Json.WireJson.Options);
}
