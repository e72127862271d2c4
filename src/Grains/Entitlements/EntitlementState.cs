namespace OpenBitum.Entitlements;

/// <summary>Stored form of an entitlement.</summary>
public sealed record EntitlementState
{
    /// <summary>Null until the order has asked.</summary>
    public ApplyEntitlement? Asked { get; init; }

    /// <summary>Null until the handler has succeeded or given up.</summary>
    public EntitlementOutcome? Outcome { get; init; }

    public bool Suspended { get; init; }

    /// <summary>What stands in place of the buyer's e-mail; null while it was not erased.</summary>
    public string? Erased { get; init; }
}
