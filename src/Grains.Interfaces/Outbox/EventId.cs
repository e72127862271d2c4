using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Outbox;

/// <summary>Names an event for good, on every attempt to deliver it: `evt_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.outbox.event-id")]
[JsonConverter(typeof(IdJsonConverter<EventId>))]
public readonly record struct EventId([property: Id(0)] string Value) : IId<EventId>
{
    public const string Prefix = "evt_";

    public static EventId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    /// <summary>Ids of earlier moments sort before it, no other does.</summary>
    public static EventId FirstAt(DateTimeOffset moment) => new(Prefix + Ulid.FirstAt(moment));

    public static bool TryParse(string? text, out EventId id)
    {
        id = new EventId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
