namespace OpenBitum.ReadModel;

/// <summary>Tells whether the store takes writes, by writing; a stateless worker under any key.</summary>
[Alias("openbitum.read-model.store-probe")]
public interface IStoreProbeGrain : IGrainWithStringKey
{
    /// <summary>Writes one row, once a second at most however often it is asked.</summary>
    /// <exception cref="System.Data.Common.DbException">Writes are refused.</exception>
    [Alias("Write")]
    Task Write();
}
