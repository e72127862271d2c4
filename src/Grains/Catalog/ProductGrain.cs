using Microsoft.Extensions.Logging;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Catalog;

/// <summary>One product. Orders that want stock at the same moment share one write.</summary>
public sealed class ProductGrain : Grain, IProductGrain
{
    public const string Kind = "product";

    private readonly Outbox<ProductState> outbox;
    private readonly TimeProvider clock;
    private readonly ProductId id;

    // Requests for stock interleave, so the writer's place is handed out here rather than by turns.
    private readonly SemaphoreSlim writer = new(1, 1);
    private List<StockRequest> waiting = [];

    public ProductGrain(
        [PersistentState("product", "grains")] IPersistentState<Record<ProductState>> record,
        Publisher publisher,
        TimeProvider clock,
        ILogger<ProductGrain> logger)
    {
        this.clock = clock;
        id = new ProductId(this.GetPrimaryKeyString());
        outbox = new Outbox<ProductState>(
            Kind, id.Value, record, publisher, (state, version) => new ProductRow(state, version), DeactivateOnIdle, logger);
    }

    public Task<ProductResult> Create(CreateProduct command) => Change((state, now) => Product.Decide(state, id, command, now));

    public Task<ProductResult> Update(UpdateProduct command) => Change((state, now) => Product.Decide(state, command, now));

    public Task<ProductResult> Delete(DeleteProduct command) => Change((state, now) => Product.Decide(state, command, now));

    public Task<ProductView?> View()
    {
        LeaveIfUnknown();
        return Task.FromResult(outbox.State is { } state ? Product.View(state) : null);
    }

    public Task<ProductOffer?> Offer()
    {
        LeaveIfUnknown();
        return Task.FromResult(Product.Offer(outbox.State));
    }

    public Task<ReserveStatus> Reserve(ReserveStock command) => Share((state, now) => Product.Reserve(state, command, now));

    public Task Return(ReserveStock command) => Share((state, now) => Product.Return(state, command, now));

    public Task Withdraw(OrderId order) => Share((state, now) => Product.Withdraw(state, order, now));

    public Task Acknowledge(OrderId order) => Share((state, _) => Product.Acknowledge(state, order));

    public async Task Publish()
    {
        await writer.WaitAsync();
        try
        {
            await outbox.Publish();
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>Somebody guesses ids: what stands for nothing need not stay in memory.</summary>
    private void LeaveIfUnknown()
    {
        if (outbox.State is null)
        {
            DeactivateOnIdle();
        }
    }

    private async Task<ProductResult> Change(Func<ProductState?, DateTimeOffset, ProductDecision> decide)
    {
        await writer.WaitAsync();
        try
        {
            var decision = decide(outbox.State, clock.Now());
            if (decision.State is { } next)
            {
                await outbox.Commit(next);
            }

            var product = decision.Status is ProductStatus.Done && outbox.State is { } state ? Product.View(state) : null;
            return new ProductResult(decision.Status, product, decision.Problems);
        }
        finally
        {
            writer.Release();
        }
    }

    private async Task<ReserveStatus> Share(Func<ProductState?, DateTimeOffset, StockDecision> decide)
    {
        var request = new StockRequest(decide);
        waiting.Add(request);
        await writer.WaitAsync();
        try
        {
            // Whoever wrote before us may have taken our request along.
            if (request.Outcome is null)
            {
                await WriteWaiting();
            }

            return await request.Outcome!;
        }
        finally
        {
            writer.Release();
        }
    }

    private async Task WriteWaiting()
    {
        (var batch, waiting) = (waiting, []);
        try
        {
            var before = outbox.State;
            var next = before;
            var now = clock.Now();
            var statuses = new ReserveStatus[batch.Count];
            for (var index = 0; index < batch.Count; index++)
            {
                (statuses[index], next) = batch[index].Decide(next, now);
            }

            await Write(before, next);
            for (var index = 0; index < batch.Count; index++)
            {
                batch[index].Outcome = Task.FromResult(statuses[index]);
            }
        }
        catch (Exception failure)
        {
            // One write for all: its failure is everybody's.
            batch.ForEach(request => request.Outcome = Task.FromException<ReserveStatus>(failure));
        }
    }

    private Task Write(ProductState? before, ProductState? next)
    {
        if (next is null || ReferenceEquals(before, next))
        {
            return Task.CompletedTask;
        }

        return next.Revision == before?.Revision ? outbox.Save(next) : outbox.Commit(next);
    }

    private sealed class StockRequest(Func<ProductState?, DateTimeOffset, StockDecision> decide)
    {
        public Func<ProductState?, DateTimeOffset, StockDecision> Decide { get; } = decide;

        /// <summary>Null until it was written.</summary>
        public Task<ReserveStatus>? Outcome { get; set; }
    }
}
