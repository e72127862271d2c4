using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>Copies of the file that are whole: taken from one snapshot, synced, and then given their name.</summary>
internal static class StoreBackup
{
    /// <exception cref="IOException">The target exists or cannot be written.</exception>
    public static bool Copy(StoreConnection source, string target)
    {
        var path = Path.GetFullPath(target);
        // Before the work; the name itself is decided behind it, by whoever takes it first.
        if (File.Exists(path)) throw Exists(path);

        var draft = DurableFiles.DraftOf(path);
        try
        {
            var text = new SqliteConnectionStringBuilder { DataSource = draft, Pooling = false }.ToString();
            using (var destination = new SqliteConnection(text))
            {
                destination.Open();
                source.Database.BackupDatabase(destination);
            }

            using (var written = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            return DurableFiles.TryName(draft, path) ? true : throw Exists(path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static IOException Exists(string path) => new($"{path} exists; a backup does not replace another.");
}
