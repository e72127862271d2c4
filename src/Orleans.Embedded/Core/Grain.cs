using Orleans.Runtime;
using Orleans.Turns;

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
    private readonly Activation activation;

    /// <exception cref="InvalidOperationException">Somebody else than the runtime constructs the grain.</exception>
    protected Grain() => activation = Activation.Current
        ?? throw new InvalidOperationException($"{GetType()} is a grain: the runtime constructs it, GetGrain gives a reference to it.");

    public IGrainContext GrainContext => activation;

    protected IGrainFactory GrainFactory => activation.Engine.GrainFactory;

    protected IServiceProvider ServiceProvider => activation.ActivationServices;

    /// <summary>The name of the process's instance, for logs.</summary>
    public string RuntimeIdentity => activation.Engine.Name;

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs before the activation is dropped in an orderly way; not when the process is killed.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Drops the activation once its running calls have ended; the next call gets a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>
    /// Keeps idle collection away for this long. Zero takes an earlier wish back; <see cref="TimeSpan.MaxValue"/> keeps
    /// it away for good.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => activation.DelayDeactivation(timeSpan);
}
