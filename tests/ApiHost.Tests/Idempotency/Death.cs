using OpenBitum.Idempotency;
using Orleans;

namespace OpenBitum.Tests.Idempotency;

/// <summary>Keeps an answer from being stored, and its request from saying that it has ended.</summary>
internal sealed class Death : IOutgoingGrainCallFilter
{
    public bool IsNear { get; set; }

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!IsNear || context.MethodName != nameof(IIdempotencyGrain.Complete))
        {
            return context.Invoke();
        }

        IsNear = false;
        throw new TimeoutException("The process was killed here.");
    }
}
