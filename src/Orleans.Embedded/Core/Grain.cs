using Orleans.Runtime;

namespace Orleans;

/// <summary>What the runtime needs of a grain class; <see cref="Grain"/> implements it.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

/// <summary>Base of every grain class.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    public IGrainContext GrainContext => throw new InvalidOperationException("A grain is constructed by the runtime.");

    protected IGrainFactory GrainFactory => throw new InvalidOperationException();

    protected IServiceProvider ServiceProvider => throw new InvalidOperationException();

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    protected void DeactivateOnIdle() => throw new InvalidOperationException();

    protected void DelayDeactivation(TimeSpan timeSpan) => throw new InvalidOperationException();
}

public static class GrainExtensions
{
    /// <summary>The key of the grain that this reference or grain stands for.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => throw new InvalidOperationException();
}
