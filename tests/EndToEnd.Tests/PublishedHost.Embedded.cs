using System.Diagnostics;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>Publishes the API host once per test run, as an operator would.</summary>
internal static class PublishedHost
{
    private static readonly Lazy<string> Published = new(Publish);

    public static string Executable => Published.Value;

    /// <summary>Debug or Release: whatever this test was built as.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Publish()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "published-host");
        var start = new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Repository.Root, "src", "ApiHost"), "-c", Configuration, "--no-build", "-o", folder, "-v", "quiet", "-nologo"])
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        var printed = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        return publish.ExitCode == 0
            ? Path.Combine(folder, "OpenBitum.ApiHost")
            : throw new InvalidOperationException($"dotnet publish failed:\n{printed}");
    }
}
