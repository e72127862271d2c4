namespace Orleans.Hosting;

/// <summary>
/// A part that the grains stand on, such as storage, registered as a singleton service of this type. It starts before
/// the first call is accepted and stops after the last activation is gone.
/// </summary>
public interface IEngineComponent
{
    Task Start(CancellationToken cancellationToken);

    /// <summary>Finishes what was accepted and lets go of its files.</summary>
    Task Stop(CancellationToken cancellationToken);

    /// <summary>
    /// Stands for kill -9 in tests: from here on nothing more is written, what is waiting is forgotten, files are let go.
    /// </summary>
    void Kill();
}
