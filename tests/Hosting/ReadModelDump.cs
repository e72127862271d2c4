using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;

namespace OpenBitum.Tests.Hosting;

/// <summary>Every row of every table that is made of grain records, as text.</summary>
public static class ReadModelDump
{
    /// <param name="kinds">Whose tables.</param>
    /// <param name="withVersions">
    /// False leaves versions out: a grain may have saved since it published last, which shows in the version of its row only.
    /// </param>
    public static Task<ImmutableArray<string>> Of(IDatabase database, IEnumerable<PublishingKind> kinds, bool withVersions = true) =>
        database.Read(async session =>
        {
            var rows = new List<string>();
            foreach (var table in kinds.SelectMany(kind => kind.Tables.Concat(kind.StandingTables)).Distinct())
            {
                rows.AddRange(await session.Query($"SELECT * FROM {table}", reader => $"{table}: {string.Join(" | ", Columns(reader, withVersions))}"));
            }

            rows.Sort(StringComparer.Ordinal);
            return rows.ToImmutableArray();
        });

    private static IEnumerable<string> Columns(System.Data.Common.DbDataReader reader, bool withVersions) =>
        from column in Enumerable.Range(0, reader.FieldCount)
        // counted_before is what the last change has replaced: it tells of the way, and nobody reads it afterwards.
        where (withVersions || reader.GetName(column) != "version") && reader.GetName(column) != "counted_before"
        select $"{reader.GetName(column)}={Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)}";
}
