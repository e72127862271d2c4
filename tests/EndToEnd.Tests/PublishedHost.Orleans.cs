namespace OpenBitum.EndToEnd;

/// <summary>The API host as it was built beside these tests: publishing it would restore for the other engine.</summary>
internal static class PublishedHost
{
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "OpenBitum.ApiHost");
}
