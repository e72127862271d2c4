using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;

namespace OpenBitum.Idempotency;

public static class IdempotencySetup
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) => services.AddSingleton(
        new RetentionRule("idempotency keys", (session, now) => IdempotencyRows.DeleteBefore(session, now - IdempotencyGrain.Kept)));
}
