using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Turns;

namespace Orleans.Hosting;

/// <summary>Starts and stops the engine with its host.</summary>
internal sealed class EngineHostedService(
    GrainEngine engine, IEnumerable<IEngineComponent> components, IEnumerable<StartupTask> startupTasks, IServiceProvider services)
    : IHostedService
{
    // Deactivations under way at once in a stop, so that a million activations do not become a million tasks.
    private const int DeactivationsAtOnce = 4096;

    private readonly IEngineComponent[] components = [.. components];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var component in components)
        {
            await component.Start(cancellationToken);
        }

        engine.Open(GrainDiscovery.FindGrainClasses());
        engine.Reminders.Start();
        engine.Log.Started(engine.GrainFactory.Classes.Count());
        foreach (var task in startupTasks)
        {
            await task.Run(services, cancellationToken);
        }
    }

    /// <summary>
    /// Refuses calls from outside, lets those under way end, deactivates every grain and then stops what grains stand
    /// on, each within its time.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (engine.Status is EngineStatus.NotStarted or EngineStatus.Stopped || engine.IsKilled)
        {
            return;
        }

        engine.Log.Stopping(Activations().Count());
        engine.Status = EngineStatus.Draining;
        var reminders = engine.Reminders.Stop();
        var finished = await Within(engine.Options.DrainTimeout, Drain, cancellationToken);
        engine.Status = EngineStatus.Stopping;
        finished &= await Within(engine.Options.StopTimeout, DeactivateAll, cancellationToken);
        if (!finished)
        {
            engine.Log.StopCutShort();
        }

        // A grain that is cut short fails its reminder's call, so this follows soon; the storage must see no more of it.
        engine.Status = EngineStatus.Stopped;
        engine.Abort();
        await Within(engine.Options.StopTimeout, token => reminders.WaitAsync(token), cancellationToken);
        foreach (var component in components.Reverse())
        {
            await component.Stop(cancellationToken);
        }

        engine.Due.Dispose();
    }

    /// <summary>Stands for kill -9 in tests.</summary>
    public void Kill()
    {
        engine.Kill();
        foreach (var component in components.Reverse())
        {
            component.Kill();
        }
    }

    private IEnumerable<Activation> Activations() => engine.GrainFactory.Classes.SelectMany(grainClass => grainClass.Activations);

    // A call may start another, so it is over when a look at all of them finds none busy.
    private async Task Drain(CancellationToken cancellationToken)
    {
        while (Activations().FirstOrDefault(activation => !activation.IsIdle) is { } busy)
        {
            await busy.WhenIdle().WaitAsync(cancellationToken);
        }
    }

    private async Task DeactivateAll(CancellationToken cancellationToken)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The process is shutting down.");
        foreach (var chunk in Activations().Chunk(DeactivationsAtOnce))
        {
            foreach (var activation in chunk)
            {
                activation.Deactivate(reason, CancellationToken.None);
            }

            await Task.WhenAll(chunk.Select(activation => activation.WhenGone())).WaitAsync(cancellationToken);
        }
    }

    // The clock on the wall, not the engine's: a test that has stopped time still stops its host.
    private static async Task<bool> Within(TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            await work(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
