namespace OpenBitum.ReadModel;

/// <summary>What a grain shows in lists: rows made of one version of its state.</summary>
public interface IRow
{
    /// <summary>
    /// Writes the rows if this version is newer than what is stored, so that a replay changes nothing. Counts that depend on
    /// them change here too, by the difference of the old row and the new.
    /// </summary>
    Task Upsert(SqlSession session);
}
