namespace OpenBitum.Entitlements;

/// <summary>The rules of an entitlement: it takes effect once, however often its order asks.</summary>
public static class Entitlement
{
    public const string RecordHandler = "record";

    /// <summary>
    /// The state after the order has asked. The handler `record` is the service's own list, so it has succeeded as soon as it is
    /// written; a handler that this version does not have fails with that reason.
    /// </summary>
    public static EntitlementState Decide(EntitlementState entitlement, ApplyEntitlement command, DateTimeOffset now)
    {
        if (entitlement.Asked is not null)
        {
            return entitlement;
        }

        var outcome = command.Entitlement.Handler == RecordHandler
            ? new EntitlementOutcome(command.Number, EntitlementStatus.Active, now, null)
            : new EntitlementOutcome(command.Number, EntitlementStatus.Failed, now, $"There is no handler {command.Entitlement.Handler}.");
        return entitlement with
        {
            Asked = entitlement.Erased is { } hash ? command with { Email = hash } : command,
            Outcome = outcome,
        };
    }

    /// <summary>The state after the buyer's e-mail was erased; a hash that is there stays.</summary>
    public static EntitlementState Decide(EntitlementState entitlement, string hash) =>
        entitlement.Erased is not null ? entitlement : entitlement with
        {
            Asked = entitlement.Asked is { } asked ? asked with { Email = hash } : null,
            Erased = hash,
        };

    /// <summary>The state after the order has said whether its money is there.</summary>
    public static EntitlementState Decide(EntitlementState entitlement, bool suspended) =>
        entitlement.Suspended == suspended ? entitlement : entitlement with { Suspended = suspended };
}
