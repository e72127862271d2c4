using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;

namespace OpenBitum.Access;

public static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services.AddSingleton(
        new RetentionRule("ended sessions", EndedSessionRows.DeleteBefore));
}
