using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Customers;

/// <summary>
/// A customer, and the erasure of their e-mail: it is gone here with one write, and the orders follow page by page, driven by a timer
/// while the grain is awake and by a reminder otherwise.
/// </summary>
public sealed partial class CustomerGrain : Grain, ICustomerGrain, IRemindable
{
    public const string Kind = "customer";

    private const string Reminder = "erase";
    private const int OrdersAtOnce = 50;
    private const int SaltBytes = 32;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Outbox<CustomerState> outbox;
    private readonly IDatabase database;
    private readonly TimeProvider clock;
    private readonly ILogger<CustomerGrain> logger;
    private IGrainTimer? timer;

    public CustomerGrain(
        [PersistentState("customer", "grains")] IPersistentState<Record<CustomerState>> record,
        Publisher publisher,
        IDatabase database,
        TimeProvider clock,
        ILogger<CustomerGrain> logger)
    {
        this.database = database;
        this.clock = clock;
        this.logger = logger;
        var key = this.GetPrimaryKeyString();
        outbox = new Outbox<CustomerState>(
            Kind, key, record, publisher, (state, version) => new CustomerRow(state, key, version), DeactivateOnIdle, logger);
    }

    public async Task<CustomerId> Meet(MeetCustomer command)
    {
        var now = clock.Now();
        var decision = Customer.Decide(outbox.State, CustomerId.New(now), command, now);
        if (decision.IsNew)
        {
            await outbox.Commit(decision.State, decision.Events);
        }

        return decision.State.Id;
    }

    public async Task<bool> Erase(CustomerId customer)
    {
        var state = outbox.State;
        var hash = Customer.HashOf(state?.Email ?? "", RandomNumberGenerator.GetBytes(SaltBytes));
        if (Customer.Decide(state, new EraseCustomer(customer, hash), clock.Now()) is not { } erased)
        {
            return false;
        }

        if (!ReferenceEquals(erased, state))
        {
            // Before the write, so that a crash behind it loses nothing; and events that were told leave the record with the e-mail.
            await this.RegisterOrUpdateReminder(Reminder, Period, Period);
            await outbox.Publish();
            await outbox.Commit(erased);
            LogErased(customer.Value);
        }

        // A customer of a few orders is erased by the time of the answer; whatever fails here is repeated.
        await TryErasePage();
        return true;
    }

    public Task<string?> ErasedEmail(CustomerId customer) =>
        Task.FromResult(outbox.State?.Erased.FirstOrDefault(erased => erased.Id == customer)?.Hash);

    public Task ReceiveReminder(string reminderName, TickStatus status) => ErasePage();

    public Task Publish() => outbox.Publish();

    private async Task TryErasePage()
    {
        try
        {
            await ErasePage();
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or IOException or TimeoutException or OrleansException)
        {
            LogUnfinished(this.GetPrimaryKeyString(), failure);
        }
    }

    /// <summary>One page of orders gets the hash; each order does nothing the second time.</summary>
    private async Task ErasePage()
    {
        if (Customer.ToErase(outbox.State) is { } erased)
        {
            var merchant = outbox.State!.Merchant;
            var page = await database.Read(session => OrderRows.OfCustomer(session, merchant, erased.Id, OrdersAtOnce, erased.After));
            await Task.WhenAll(page.Data.Select(order =>
                GrainFactory.GetGrain<IHoldsBuyer>(order.Value).EraseBuyer(new EraseBuyer(erased.Id, erased.Hash))));
            await outbox.Save(Customer.Decide(outbox.State, erased, AfterOf(page)));
        }

        if (Customer.ToErase(outbox.State) is not null)
        {
            timer ??= this.RegisterGrainTimer(TryErasePage, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private static Cursor? AfterOf<T>(Page<T> page) =>
        page.NextCursor is { } next && Cursor.TryParse(next, out var after) ? after : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Customer} is erased; the orders follow")]
    private partial void LogErased(string customer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: the orders of an erased customer still hold the e-mail; it is tried again in a minute")]
    private partial void LogUnfinished(string key, Exception failure);
}
