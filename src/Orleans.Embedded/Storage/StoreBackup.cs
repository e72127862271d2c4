using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>Copies of the file that are whole: taken from one snapshot, synced, and then given their name.</summary>
internal static class StoreBackup
{
    public static bool Copy(StoreConnection source, string target)
    {
        var path = Path.GetFullPath(target);
        if (File.Exists(path)) throw new IOException($"{path} exists; a backup does not replace another.");

        var partial = path + ".partial";
        File.Delete(partial);
        try
        {
            var text = new SqliteConnectionStringBuilder { DataSource = partial, Pooling = false }.ToString();
            using (var destination = new SqliteConnection(text))
            {
                destination.Open();
                source.Database.BackupDatabase(destination);
            }

            using (var written = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }

        return true;
    }
}
