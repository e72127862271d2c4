using Microsoft.Extensions.Logging;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Customers;

public sealed class CustomerGrain : Grain, ICustomerGrain
{
    public const string Kind = "customer";

    private readonly Outbox<CustomerState> outbox;
    private readonly TimeProvider clock;

    public CustomerGrain(
        [PersistentState("customer", "grains")] IPersistentState<Record<CustomerState>> record,
        Publisher publisher,
        TimeProvider clock,
        ILogger<CustomerGrain> logger)
    {
        this.clock = clock;
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

    public Task Publish() => outbox.Publish();
}
