namespace OpenBitum.ReadModel;

/// <summary>Deletes rows whose time is over; one for the cluster, under the key <see cref="Key"/>.</summary>
[Alias("openbitum.read-model.retention")]
public interface IRetentionGrain : IGrainWithStringKey
{
    const string Key = "0";

    /// <summary>Makes sure that the grain wakes by itself; called at every start.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Deletes all that is old enough; answers how many rows.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();
}
