using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenBitum.Ids;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;

namespace OpenBitum.Customers;

/// <summary>What meeting a buyer makes of a customer; no event when they were met before.</summary>
public sealed record CustomerDecision(CustomerState State, ImmutableArray<OutgoingEvent> Events)
{
    public bool IsNew => Events.Length > 0;
}

/// <summary>A merchant lets go of a customer.</summary>
/// <param name="Hash">What stands in place of the e-mail.</param>
public sealed record EraseCustomer(CustomerId Customer, string Hash);

/// <summary>The rules of a customer.</summary>
public static class Customer
{
    /// <param name="customer">Null when this merchant has not met the e-mail.</param>
    /// <param name="id">What a new customer is called.</param>
    /// <param name="command">Who comes.</param>
    /// <param name="now">The time.</param>
    public static CustomerDecision Decide(CustomerState? customer, CustomerId id, MeetCustomer command, DateTimeOffset now)
    {
        if (customer is not null && !IsErased(customer, customer.Id))
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
            Erased = customer?.Erased ?? [],
        };
        return new CustomerDecision(met, [Created(met, command.Test, now)]);
    }

    /// <summary>The state after an erasure; null when there is no such customer, the same when they are erased already.</summary>
    public static CustomerState? Decide(CustomerState? customer, EraseCustomer command, DateTimeOffset now)
    {
        if (customer is null || IsErased(customer, command.Customer))
        {
            return customer;
        }

        return customer.Id != command.Customer ? null : customer with
        {
            Email = command.Hash,
            Erased = customer.Erased.Add(
                new ErasedCustomer(customer.Id, command.Hash, customer.CreatedAt, now, After: null, IsDone: false)),
        };
    }

    /// <summary>The orders of an erased customer have the hash up to here.</summary>
    /// <param name="erased">Whose orders.</param>
    /// <param name="after">Where the page ended; null: it was the last.</param>
    public static CustomerState Decide(CustomerState customer, ErasedCustomer erased, Cursor? after) => customer with
    {
        Erased = customer.Erased.Replace(erased, erased with { After = after, IsDone = after is null }),
    };

    /// <summary>Whose orders have yet to get the hash.</summary>
    public static ErasedCustomer? ToErase(CustomerState? customer) => customer?.Erased.FirstOrDefault(erased => !erased.IsDone);

    /// <summary>
    /// What stands in place of an erased e-mail. The salt is thrown away: whoever reads the hash cannot try addresses on it, and the
    /// same buyer erased twice has two.
    /// </summary>
    public static string HashOf(string email, ReadOnlySpan<byte> salt) =>
        Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(ICustomerGrain.Fold(email))]));

    public static CustomerView View(CustomerState customer) => new()
    {
        Id = customer.Id, Email = customer.Email, CreatedAt = customer.CreatedAt,
    };

    public static CustomerView View(ErasedCustomer erased) => new()
    {
        Id = erased.Id, Email = erased.Hash, CreatedAt = erased.CreatedAt, ErasedAt = erased.ErasedAt,
    };

    private static bool IsErased(CustomerState customer, CustomerId id) => customer.Erased.Any(erased => erased.Id == id);

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
