using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Silo;

namespace OpenBitum.CommandLine;

/// <summary>What the HTTP host reads besides the features' sections, in one list for it and for the verbs that check a configuration.</summary>
internal static class ApiSettings
{
    /// <summary>Behind every other reader: reads the host's own sections, and refuses what was written and nobody has read.</summary>
    public static void ReadApiSettings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAccess(builder.Configuration).AddEdge(builder.Configuration);
        builder.RefuseUnknownSettings();
    }
}
