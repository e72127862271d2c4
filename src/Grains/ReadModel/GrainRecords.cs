namespace OpenBitum.ReadModel;

/// <summary>Where the engine keeps the records of grains in this same database; its twin says so.</summary>
/// <param name="KeysOfState">A query of one column, `grain_key`: the grains that have a record under the state name $1.</param>
public sealed record GrainRecords(string KeysOfState);
