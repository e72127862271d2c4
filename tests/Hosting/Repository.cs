using System.Runtime.CompilerServices;

namespace OpenBitum.Tests.Hosting;

/// <summary>The sources that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory) ?? RootAbove(ThisFile())
        ?? throw new InvalidOperationException("The tests run inside the repository, or on the machine that built them from it.");

    /// <summary>What a run leaves behind for the suite that runs last; git ignores it.</summary>
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");

    private static string? RootAbove(string path)
    {
        var folder = new DirectoryInfo(path);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OpenBitum.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    /// <summary>A build with --artifacts-path puts what it makes elsewhere.</summary>
    private static string ThisFile([CallerFilePath] string path = "") => path;
}
