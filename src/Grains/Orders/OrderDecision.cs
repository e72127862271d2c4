using System.Collections.Immutable;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Orders;

/// <summary>What became of an order by something that cannot be refused.</summary>
/// <param name="State">As it is to be stored.</param>
/// <param name="Events">Numbered and frozen.</param>
/// <param name="Effect">How much of it is new.</param>
public sealed record OrderDecision(OrderState State, ImmutableArray<OutgoingEvent> Events, OrderEffect Effect)
{
    public static OrderDecision Unchanged(OrderState state) => new(state, [], OrderEffect.Nothing);
}

/// <summary>
/// Nothing: no write. Unseen: written, but no view shows it. Shown: written and published. NeedsStock: it would be paid by late money,
/// and somebody has to ask the product for units first.
/// </summary>
public enum OrderEffect { Nothing, Unseen, Shown, NeedsStock }

/// <summary>Whether a wish becomes a draft; <see cref="Draft"/> with Opened, <see cref="Problems"/> with Invalid.</summary>
public sealed record DraftDecision(OpenOrderStatus Status, OrderState? Draft, ImmutableArray<FieldProblem> Problems)
{
    public static DraftDecision Refused(OpenOrderStatus status) => new(status, null, []);
}

/// <summary>
/// Whether a method may be picked. With Selected, <see cref="Method"/> is the one that needs an address, null if it has one already.
/// </summary>
public sealed record SelectDecision(SelectMethodStatus Status, OrderMethod? Method, ImmutableArray<FieldProblem> Problems)
{
    public static SelectDecision Refused(SelectMethodStatus status) => new(status, null, []);
}
