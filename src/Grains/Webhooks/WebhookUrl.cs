using System.Collections.Frozen;
using System.Net;
using OpenBitum.Problems;

namespace OpenBitum.Webhooks;

/// <summary>
/// What a subscription's URL may be when it is saved. Where its name leads is checked at every connection, see
/// <see cref="EndpointGuard"/>; here is refused what can only be a mistake or an attack.
/// </summary>
public static class WebhookUrl
{
    public const int LongestUrl = 2_048;

    private const string Field = "url";
    private const int FirstFreePort = 1_024;

    /// <summary>Ports above 1023 where other services are at home that a POST could harm or wake.</summary>
    private static readonly FrozenSet<int> ServicePorts = FrozenSet.ToFrozenSet(
    [
        1080, 1194, 1433, 1434, 1521, 1723, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3260, 3306, 3389, 3690, 4369, 4444, 5060,
        5061, 5222, 5432, 5672, 5900, 5984, 5985, 5986, 6000, 6379, 6443, 6665, 6666, 6667, 6668, 6669, 6697, 8332, 8333, 8545, 8546,
        8883, 9042, 9092, 9160, 9200, 9300, 9332, 9333, 10250, 10255, 11211, 15672, 16379, 18332, 18333, 18443, 19332, 19443, 25565,
        25672, 26379, 27017, 27018, 27019, 61613, 61616,
    ]);

    /// <summary>Null when the URL may be saved.</summary>
    public static FieldProblem? Check(string? url, EndpointPolicy policy)
    {
        if (string.IsNullOrEmpty(url))
        {
            return new FieldProblem(Field, FieldProblemCode.Required, "Give the https URL of your endpoint.");
        }

        if (url.Length > LongestUrl)
        {
            return new FieldProblem(Field, FieldProblemCode.TooLong, $"At most {LongestUrl} characters.");
        }

        if (url.AsSpan().ContainsAnyExceptInRange('!', '~') || url.Contains('\\', StringComparison.Ordinal))
        {
            return Malformed("Use visible ASCII: percent-encode other characters, and write the host's xn-- form.");
        }

        var authority = Authority(url);
        if (authority is null || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
        {
            return Malformed("Write an absolute URL such as https://shop.example/webhooks.");
        }

        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return Unsafe("A URL with a user name or password is not called.");
        }

        return Check(parsed, HostOf(authority), policy);
    }

    private static FieldProblem? Check(Uri parsed, string host, EndpointPolicy policy)
    {
        if (IsOddSpelling(parsed, host))
        {
            return Unsafe("Write the host as a plain name, or its address in the usual form.");
        }

        if (!policy.AllowsPrivate(host) && !IsPublicHost(host))
        {
            return Unsafe(
                $"{host} is no host of the public internet. To try deliveries on one's own machine or network, the operator of this instance "
                + $"sets Webhooks:AllowedPrivateHosts:0={host}; then http will do too.");
        }

        if (parsed.Scheme == Uri.UriSchemeHttp && !policy.AllowsHttp(host))
        {
            return Unsafe("Use https: what is signed is not yet secret.");
        }

        return parsed.Port is not (80 or 443) && (parsed.Port < FirstFreePort || ServicePorts.Contains(parsed.Port))
            ? Unsafe($"Use port 443, 80, or one from {FirstFreePort} that is no other service's.")
            : null;
    }

    /// <summary>Between the two slashes and the path, as it was written; null when there are no two slashes.</summary>
    private static string? Authority(string url)
    {
        foreach (var scheme in new[] { "https://", "http://" })
        {
            if (url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                var rest = url[scheme.Length..];
                var end = rest.AsSpan().IndexOfAny('/', '?', '#');
                return end < 0 ? rest : rest[..end];
            }
        }

        return null;
    }

    private static string HostOf(string authority)
    {
        if (authority.StartsWith('['))
        {
            return authority[1..Math.Max(1, authority.IndexOf(']', StringComparison.Ordinal))];
        }

        var port = authority.IndexOf(':', StringComparison.Ordinal);
        return port < 0 ? authority : authority[..port];
    }

    /// <summary>
    /// True for `0x7f.1`, `2130706433`, `0177.0.0.1`, `127.1` and the like, which some resolvers read as addresses and some as names,
    /// and for anything else that the parser understood in another way than it is written.
    /// </summary>
    private static bool IsOddSpelling(Uri parsed, string host)
    {
        if (host.Contains('%', StringComparison.Ordinal) || host.EndsWith('.'))
        {
            return true;
        }

        if (IPAddress.TryParse(host, out var address))
        {
            // IPv6 has many usual spellings of one address; IPv4 has one.
            return address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork && address.ToString() != host;
        }

        var last = host[(host.LastIndexOf('.') + 1)..];
        var endsInNumber = last.Length > 0
            && (!last.AsSpan().ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase));
        return endsInNumber || !parsed.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || parsed.HostNameType is not UriHostNameType.Dns;
    }

    private static bool IsPublicHost(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return PublicAddress.Is(address);
        }

        // A name without a point, or below localhost, is answered by the machine or its own network.
        return host.Contains('.', StringComparison.Ordinal) && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static FieldProblem Malformed(string message) => new(Field, FieldProblemCode.BadFormat, message);

    private static FieldProblem Unsafe(string message) => new(Field, FieldProblemCode.UnsafeUrl, message);
}
