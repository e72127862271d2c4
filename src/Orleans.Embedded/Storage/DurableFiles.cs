using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Storage;

/// <summary>
/// New files that are whole under their name or not there at all, never over another's, and still there after a power cut.
/// </summary>
public static class DurableFiles
{
    private const int NameTaken = 17;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A name beside this one that nobody else writes to.</summary>
    public static string DraftOf(string path) => $"{path}.{Environment.ProcessId}.{Path.GetRandomFileName()}.partial";

    /// <summary>
    /// Gives a draft, which is synced, this name in its folder. False when the name is taken: somebody else was first, and theirs stays.
    /// The draft is there still and its maker's to remove.
    /// </summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static bool TryName(string draft, string path)
    {
        var isFirst = TryLink(draft, path);

        // Whoever finds the name taken goes on to use what stands there, so it has to stay for them too.
        SyncFolder(Path.GetDirectoryName(path)!);
        return isFirst;
    }

    /// <summary>Makes the folder, for its owner only. One that exists keeps the mode it was given.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var made = new List<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            made.Add(folder);
        }

        Directory.CreateDirectory(path, OwnerOnly);
        made.ForEach(folder => SyncFolder(Path.GetDirectoryName(folder)!));
    }

    /// <summary>Puts the names in a folder on the disk: syncing a file syncs what is in it, and its name is in the folder.</summary>
    /// <exception cref="IOException">The disk refuses, or there is no such folder.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = Open(path, flags: 0);
        if (folder.IsInvalid)
        {
            // Names can be made in a folder that may not be read; then the disk syncs when it likes to.
            if (Directory.Exists(path))
            {
                return;
            }

            throw new DirectoryNotFoundException($"There is no folder {path}.");
        }

        RandomAccess.FlushToDisk(folder);
    }

    private static bool TryLink(string draft, string path)
    {
        // File.Move looks first and renames then, so of two movers the second would replace what the first has already used; link(2) of
        // POSIX refuses a name that exists. A file system without hard links has only File.Move.
        if (!OperatingSystem.IsWindows())
        {
            if (Link(draft, path) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() == NameTaken)
            {
                return false;
            }
        }

        try
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
