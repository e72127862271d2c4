using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;

namespace OpenBitum.Tests.Malformed;

/// <summary>Everything that a host has stored, row by row.</summary>
internal static class StoredRows
{
    public static Task<SortedSet<string>> Of(ApiServer server) =>
        server.Database.Read(async session =>
        {
            var rows = new SortedSet<string>(StringComparer.Ordinal);
            var tables = await session.Query(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                reader => reader.GetString(0));
            foreach (var table in tables)
            {
                rows.UnionWith(await session.Query($"SELECT * FROM {table}", reader => $"{table}: {string.Join(" | ", Columns(reader))}"));
            }

            return rows;
        });

    private static IEnumerable<string> Columns(System.Data.Common.DbDataReader reader) =>
        Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-"
            : reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes)
            : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!);
}
