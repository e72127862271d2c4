using System.Runtime.InteropServices;
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
    /// The whole text appears under its name at once or not at all, and never over another's: the host and a command may both be first.
    /// </summary>
    private static void Create(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Path.GetRandomFileName()}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
                file.Flush(flushToDisk: true);
            }

            Name(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>
    /// Gives the draft its name unless the name is taken: then somebody else was first, and theirs is what everybody uses.
    /// File.Move looks first and renames then, so of two movers the second would replace what the first has already used;
    /// link(2) of POSIX refuses a name that exists. A file system without hard links has only File.Move.
    /// </summary>
    private static void Name(string draft, string path)
    {
        if (!OperatingSystem.IsWindows() && Link(draft, path) == 0)
        {
            return;
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
    }

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
