namespace OpenBitum.Access;

internal enum AccessLevel
{
    /// <summary>Anybody. A token that is sent is checked all the same; a cookie is ignored.</summary>
    Public,

    /// <summary>Anybody, and nothing is looked at: pages and health.</summary>
    Open,

    /// <summary>Whoever has a valid token or session.</summary>
    SignedIn,

    /// <summary>A merchant's admin; the tenant is the token's.</summary>
    Admin,

    /// <summary>The operator of the instance, for what all its merchants share; being a merchant's admin is not enough.</summary>
    Operator,
}

/// <summary>Who may call a route; each has one, or the host does not start.</summary>
internal sealed record AccessPolicy(AccessLevel Level);

/// <summary>
/// A read that a subscription key with this scope may do. Where it is missing, a key is refused on what not everybody may do, and says
/// nothing on a read that anybody may do.
/// </summary>
/// <param name="Scope">One of <see cref="KeyScope"/>.</param>
internal sealed record KeyAccess(string Scope);

internal static class AccessPolicies
{
    public static TBuilder Allow<TBuilder>(this TBuilder routes, AccessLevel level)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new AccessPolicy(level));

    /// <summary>A key with this scope may read here; the caller then is the key's merchant, without any role.</summary>
    public static TBuilder OpenToKeys<TBuilder>(this TBuilder routes, string scope)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new KeyAccess(scope));

    /// <summary>Deny by default: a route that nobody thought about must not be reachable.</summary>
    /// <exception cref="InvalidOperationException">Names the routes without a policy.</exception>
    public static void RefuseRoutesWithoutPolicy(this IEndpointRouteBuilder routes)
    {
        var bare = routes.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessPolicy>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToArray();
        if (bare.Length > 0)
        {
            throw new InvalidOperationException($"Routes without an access policy: {string.Join("; ", bare)}.");
        }
    }
}
