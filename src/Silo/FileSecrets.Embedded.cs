using OpenBitum.Access;
using Orleans.Storage;

namespace OpenBitum.Silo;

/// <summary>Secrets as files of the data folder, readable by their owner only.</summary>
internal sealed class FileSecrets(string directory) : ISecretStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="StoreRefusedException">The folder cannot be used.</exception>
    public string Keep(string name, Func<string> make)
    {
        var path = Path.Combine(Path.GetFullPath(directory), name);
        try
        {
            if (!File.Exists(path))
            {
                Create(path, make());
            }

            return File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(StoreRefusal.NotWritable,
                $"{path} cannot be read or made ({failure.Message}). Run this as the owner of the folder, or choose another Data:Directory.", failure);
        }
    }

    /// <summary>
    /// The whole text appears under its name at once or not at all, and never over another's: the host and a command may both be first,
    /// and the first one's is what everybody uses.
    /// </summary>
    private static void Create(string path, string text)
    {
        DurableFiles.MakeFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var draft = DurableFiles.DraftOf(path);
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
                file.Flush(flushToDisk: true);
            }

            DurableFiles.TryName(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
