namespace Orleans.Stepped;

/// <summary>
/// Where the engine's work runs: on the thread pool, or step by step on one thread whose order comes from a seed.
/// Everything of the engine that would start a thread asks here instead, so that a simulation sees all of it.
/// </summary>
public interface IEngineScheduler
{
    /// <summary>Runs short work soon. Work of different calls may run side by side and in any order.</summary>
    void Schedule(IThreadPoolWorkItem work);

    /// <summary>Opens a lane for work that blocks, such as a disk: an own thread, or steps of the one thread.</summary>
    IWorkLane OpenLane(string name);
}

/// <summary>Runs its work one after another, in the order it was posted, never two at once.</summary>
public interface IWorkLane : IDisposable
{
    /// <summary>Runs the work after all that was posted before. Refused with false once the lane is disposed.</summary>
    bool Post(IThreadPoolWorkItem work);
}
