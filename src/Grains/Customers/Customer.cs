using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.Ids;
using OpenBitum.Json;
using OpenBitum.Outbox;

namespace OpenBitum.Customers;

/// <summary>What meeting a buyer makes of a customer; no event when they were met before.</summary>
public sealed record CustomerDecision(CustomerState State, ImmutableArray<OutgoingEvent> Events)
{
    public bool IsNew => Events.Length > 0;
}

/// <summary>The rules of a customer.</summary>
public static class Customer
{
    /// <param name="customer">Null when this merchant has not met the e-mail.</param>
    /// <param name="id">What a new customer is called.</param>
    /// <param name="command">Who comes.</param>
    /// <param name="now">The time.</param>
    public static CustomerDecision Decide(CustomerState? customer, CustomerId id, MeetCustomer command, DateTimeOffset now)
    {
        if (customer is not null)
        {
            return new CustomerDecision(customer, []);
        }

        var met = new CustomerState
        {
            Id = id,
            Merchant = command.Merchant,
            Email = command.Email,
            CreatedAt = now,
            Sequence = 1,
        };
        return new CustomerDecision(met, [Created(met, command.Test, now)]);
    }

    public static CustomerView View(CustomerState customer) => new(customer.Id, customer.Email, customer.CreatedAt);

    private static OutgoingEvent Created(CustomerState customer, bool test, DateTimeOffset now)
    {
        var id = new EventId(EventId.Prefix + Ulid.Derive($"{customer.Id.Value}/{customer.Sequence}", now));
        var body = new CustomerEventBody(
            id, EventType.CustomerCreated, now, test, new CustomerEventData(customer.Id, customer.Sequence, View(customer)));
        return new OutgoingEvent(
            id, customer.Merchant, body.Type, customer.Id.Value, customer.Sequence, now, test,
            JsonSerializer.Serialize(body, WireJson.Options));
    }

    /// <summary>What is sent, in the order of the contract.</summary>
    private sealed record CustomerEventBody(EventId Id, string Type, DateTimeOffset Timestamp, bool Test, CustomerEventData Data);

    private sealed record CustomerEventData(CustomerId CustomerId, long Sequence, CustomerView Customer);
}
