namespace OpenBitum.Access;

/// <summary>What is counted by client address; each has windows of its own.</summary>
internal enum AddressLimit
{
    /// <summary>Public routes, together.</summary>
    Public,

    /// <summary>Starting a checkout: each one makes an order.</summary>
    Checkout,

    /// <summary>Tokens and subscription keys that were refused; see <see cref="CredentialGuard"/>.</summary>
    RefusedCredentials,
}

/// <summary>Which limit a route has, where it is not what its access level says.</summary>
internal sealed record LimitedBy(AddressLimit Limit);

internal static class AddressLimitRoutes
{
    /// <summary>Counts calls of this route by client address; public routes are counted as <see cref="AddressLimit.Public"/> by themselves.</summary>
    public static TBuilder LimitedBy<TBuilder>(this TBuilder routes, AddressLimit limit)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new LimitedBy(limit));

    public static AddressLimit? LimitOf(this Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<LimitedBy>()?.Limit
        ?? (endpoint?.Metadata.GetMetadata<AccessPolicy>()?.Level == AccessLevel.Public ? AddressLimit.Public : null);
}
