namespace OpenBitum.Access;

/// <summary>Where a browser goes after signing in: only a path of this service, or a sign-in link would lead anywhere.</summary>
internal static class ReturnPath
{
    public const string Default = "/sign-in";

    private const int Longest = 1000;

    /// <summary>
    /// A slash and then neither `/` nor `\`, which browsers take for the beginning of a host. They also drop tabs and line ends inside
    /// an address, so nothing but printable ASCII without a backslash is taken.
    /// </summary>
    public static bool IsOurs(string path) =>
        path.Length <= Longest && path is ['/', ..] and not ['/', '/', ..]
        && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.Contains('\\', StringComparison.Ordinal);
}
