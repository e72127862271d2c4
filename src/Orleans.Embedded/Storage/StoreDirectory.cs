using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Storage;

/// <summary>
/// The data directory, held by one process at a time. SQLite alone would let two services share the file and each
/// believe that its activations are the only ones.
/// </summary>
/// <remarks>
/// The lock is the kernel's (flock), so it ends with the process, however that ends; the pid in it is for people.
/// </remarks>
internal sealed class StoreDirectory : IDisposable
{
    public const string DatabaseName = "openbitum.db";

    private const int HeadroomBytes = 262_144;

    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream held;

    private StoreDirectory(string path, FileStream held)
    {
        DatabasePath = Path.Combine(path, DatabaseName);
        this.held = held;
    }

    public string DatabasePath { get; }

    /// <exception cref="StoreRefusedException">Another process holds the directory, or it cannot be written.</exception>
    public static StoreDirectory Hold(string directory)
    {
        var path = Path.GetFullPath(directory);
        var lockPath = Path.Combine(path, "lock");
        try
        {
            // Orders and customers are nobody else's business.
            DurableFiles.MakeFolder(path);
            var held = new FileStream(
                lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                held.SetLength(0);
                held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            }
            catch
            {
                held.Dispose();
                throw;
            }

            var directoryHeld = new StoreDirectory(path, held);
            CreateOwnersFile(directoryHeld.DatabasePath);
            return directoryHeld;
        }
        catch (IOException exception)
            when (exception.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows)
        {
            var holder = ReadHolder(lockPath) is { } pid ? $"process {pid}" : "another process";
            throw new StoreRefusedException(StoreRefusal.InUse,
                $"{path} is in use by {holder}; stop it or choose another Data:Directory.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(StoreRefusal.NotWritable,
                $"{path} cannot be written ({exception.Message}). Make it writable or choose another Data:Directory.",
                exception);
        }
    }

    /// <exception cref="StoreRefusedException">Nothing was ever stored here.</exception>
    public static void RefuseMissing(string directory)
    {
        var path = Path.Combine(Path.GetFullPath(directory), DatabaseName);
        if (File.Exists(path)) return;

        throw new StoreRefusedException(StoreRefusal.Missing, $"There is no {path}. Give the Data:Directory of the host.");
    }

    public void Dispose() => held.Dispose();

    /// <summary>Takes some room on the disk of the file and gives it back.</summary>
    /// <exception cref="IOException">The disk has less.</exception>
    public static void TryHeadroom(string databasePath)
    {
        using var file = new FileStream(
            databasePath + "-headroom", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0,
            FileOptions.DeleteOnClose);
        file.Write(new byte[HeadroomBytes]);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A new file is its owner's alone, whatever folder it is put in; SQLite gives its log the same mode.</summary>
    private static void CreateOwnersFile(string databasePath)
    {
        if (OperatingSystem.IsWindows() || File.Exists(databasePath)) return;

        new FileStream(databasePath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
    }

    private static string? ReadHolder(string lockPath)
    {
        // On Windows the holder's lock forbids reading. Elsewhere it is advisory, but every FileStream asks for it, so
        // the file is opened beside .NET.
        if (OperatingSystem.IsWindows()) return null;

        using var handle = Open(lockPath, flags: 0);
        if (handle.IsInvalid) return null;

        using var stream = new FileStream(handle, FileAccess.Read);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return int.TryParse(reader.ReadToEnd(), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid)
            ? pid.ToString(CultureInfo.InvariantCulture)
            : null;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Microsoft.Win32.SafeHandles.SafeFileHandle Open(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
