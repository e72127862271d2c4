namespace OpenBitum.Outbox;

/// <summary>A grain whose record holds events and a row for the read model.</summary>
public interface IPublishes : IGrainWithStringKey
{
    /// <summary>Publishes what the record still holds. Repeating it changes nothing.</summary>
    [Alias("Publish")]
    Task Publish();
}

/// <summary>Wakes the grains that wrote but did not get to publish; one for the cluster, under the key <see cref="Key"/>.</summary>
[Alias("openbitum.outbox.sweeper")]
public interface ISweeperGrain : IGrainWithStringKey
{
    const string Key = "0";

    /// <summary>Makes sure that the sweeper wakes by itself; called at every start.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Wakes every grain whose mark is older than 30 s; answers how many.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();
}
