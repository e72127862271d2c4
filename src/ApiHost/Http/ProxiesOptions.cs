using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Section `Proxies`.</summary>
public sealed record ProxiesOptions : ICheckedSettings
{
    private const int MostTrusted = 100;

    // A network this wide is a typo, and whoever sits in it could name any address as its client's.
    private const int ShortestPrefixOfIPv4 = 8;
    private const int ShortestPrefixOfIPv6 = 7;

    private const string Wanted =
        "write the address of a proxy, such as 127.0.0.1, or of a network of proxies, such as 10.0.0.0/8";

    /// <summary>Who is believed about the client's address, scheme and host: addresses and CIDR networks; none by default.</summary>
    public ImmutableArray<string> Trusted { get; init; } = [];

    /// <summary>Those of <see cref="Trusted"/> that are one address.</summary>
    internal IEnumerable<IPAddress> Addresses => Trusted.Where(IsAddress).Select(IPAddress.Parse);

    /// <summary>Those of <see cref="Trusted"/> that are a network.</summary>
    internal IEnumerable<IPNetwork> Networks => Trusted.Where(text => !IsAddress(text)).Select(text => IPNetwork.Parse(text));

    public IEnumerable<SettingProblem> Check(string section)
    {
        if (Trusted.Length > MostTrusted)
        {
            yield return new SettingProblem($"{section}:{nameof(Trusted)}", $"has {Trusted.Length} entries; write {MostTrusted} at most.");
        }

        for (var index = 0; index < Trusted.Length; index++)
        {
            if (ProblemOf(Trusted[index]) is { } problem)
            {
                yield return new SettingProblem($"{section}:{nameof(Trusted)}:{index}", $"is '{Trusted[index]}'; {problem}.");
            }
        }
    }

    private static string? ProblemOf(string text)
    {
        if (IsAddress(text))
        {
            return IPAddress.Parse(text) is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                ? $"that is nobody's address; {Wanted}"
                : null;
        }

        if (text.Split('/') is not [var start, var length] || !IsAddress(start)
            || !int.TryParse(length, System.Globalization.NumberStyles.None, null, out var bits))
        {
            return Wanted;
        }

        var shortest = IPAddress.Parse(start).AddressFamily == AddressFamily.InterNetwork ? ShortestPrefixOfIPv4 : ShortestPrefixOfIPv6;
        return bits < shortest ? $"that would believe half the world; write a network of /{shortest} or smaller"
            : IPNetwork.TryParse(text, out _) ? null
            : $"there is no network of /{length}; {Wanted}";
    }

    /// <summary>The parser takes `10` for 0.0.0.10 and `010.0.0.1` for 8.0.0.1; nobody means that.</summary>
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : address.ScopeId == 0 && !address.IsIPv4MappedToIPv6 && text is not ['[', ..]);
}
