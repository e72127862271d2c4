using System.Text;
using OpenBitum.Webhooks;

namespace OpenBitum.CommandLine;

/// <summary>`verify-webhook`: checks a delivery that a receiver has saved as it came over the wire.</summary>
internal static class VerifyWebhookCommand
{
    private const string Usage =
        """
        Usage: openbitum verify-webhook --file DELIVERY --secret-file SECRET

          --file         the request as it came: its headers, an empty line, its body byte by byte
          --secret-file  holds the endpoint's whsec_… or the operator's secret; a secret on a command line is seen by others

        Exit code 0 when the signatures are right. The age of the delivery does not matter here.
        """;

    public static int Run(string[] args)
    {
        if (!Options.TryParse(args, ["file", "secret-file"], out var options, out var problem))
        {
            return Commands.Misuse(problem, Usage);
        }

        if (options.WantsHelp)
        {
            Console.WriteLine(Usage);
            return Commands.Done;
        }

        if (options["file"] is not { } file || options["secret-file"] is not { } secretFile)
        {
            return Commands.Misuse("--file and --secret-file are needed.", Usage);
        }

        try
        {
            var (headers, body) = Split(File.ReadAllBytes(file));
            return Say(WebhookVerification.Check(headers, body, File.ReadAllText(secretFile).Trim()));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(unreadable.Message);
            return Commands.Refused;
        }
    }

    private static int Say(Verification found)
    {
        if (found.Status is VerificationStatus.Valid)
        {
            Console.WriteLine("The delivery is genuine.");
            return Commands.Done;
        }

        Console.Error.WriteLine(found.Status switch
        {
            VerificationStatus.UnreadableSecret => "The secret is neither whsec_… nor 24-64 printable ASCII characters.",
            VerificationStatus.MissingHeader => $"The header {found.Header} is missing.",
            VerificationStatus.UnreadableTimestamp => $"The header {found.Header} holds no Unix seconds.",
            _ => $"The header {found.Header} does not fit this body and this secret.",
        });
        return Commands.Refused;
    }

    /// <summary>Header lines up to an empty line; a request line before them does no harm. Everything after is the body.</summary>
    private static (Dictionary<string, string> Headers, byte[] Body) Split(byte[] request)
    {
        var end = request.AsSpan().IndexOf("\r\n\r\n"u8);
        var gap = 4;
        if (end < 0)
        {
            end = request.AsSpan().IndexOf("\n\n"u8);
            gap = 2;
        }

        var head = Encoding.ASCII.GetString(request.AsSpan(0, end < 0 ? request.Length : end));
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Split('\n', StringSplitOptions.TrimEntries))
        {
            var separator = line.IndexOf(':', StringComparison.Ordinal);
            if (separator > 0)
            {
                headers[line[..separator]] = line[(separator + 1)..].Trim();
            }
        }

        return (headers, end < 0 ? [] : request[(end + gap)..]);
    }
}
