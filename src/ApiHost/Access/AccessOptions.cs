using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>Section `Auth`.</summary>
public sealed record AccessOptions : ICheckedSettings
{
    /// <summary>The OIDC issuer whose tokens are taken; null: the host issues its own.</summary>
    [Description("the issuer's address as its tokens name it, such as https://auth.example/oidc; http only on this machine")]
    public string? Issuer { get; init; }

    /// <summary>What `aud` must hold: the API's own name at the issuer, never a client id, so that an ID token fails.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string Audience { get; init; } = "openbitum";

    [RegularExpression("[!-~]{1,100}"), Description("1-100 printable ASCII characters without a space")]
    public string AdminRole { get; init; } = "admin";

    [RegularExpression("[!-~]{1,100}"), Description("1-100 printable ASCII characters without a space")]
    public string OperatorRole { get; init; } = "operator";

    [RegularExpression("[A-Za-z0-9_-]{1,64}"), Description("1-64 of A-Z a-z 0-9 _ -")]
    public string DefaultMerchant { get; init; } = "default";

    /// <summary>This instance's client at the issuer, for the page's sign-in; null: there is none.</summary>
    [RegularExpression("[!-~]{1,200}"), Description("1-200 printable ASCII characters without a space")]
    public string? ClientId { get; init; }

    /// <summary>The client's secret; null: a public client, whom PKCE alone protects.</summary>
    [Secret]
    public string? ClientSecret { get; init; }

    /// <summary>What the sign-in asks the issuer for; null: `openid` and the two roles, for issuers that give roles as scopes.</summary>
    [RegularExpression("[!-~]+( [!-~]+)*"), Description("scopes with one space between, such as openid profile")]
    public string? Scope { get; init; }

    public bool HasSignIn => !string.IsNullOrEmpty(ClientId);

    public bool HasOwnIssuer => string.IsNullOrEmpty(Issuer);

    public IEnumerable<SettingProblem> Check(string section)
    {
        if (!HasOwnIssuer && !IsSafe(Issuer!))
        {
            yield return new SettingProblem($"{section}:{nameof(Issuer)}",
                $"is '{Issuer}'; write the issuer's address as its tokens name it, such as https://auth.example/oidc; "
                + "http only on this machine.");
        }

        if (HasSignIn && HasOwnIssuer)
        {
            yield return new SettingProblem($"{section}:{nameof(ClientId)}",
                $"is a client of an issuer, and {section}:{nameof(Issuer)} is not set; write both or neither.");
        }

        if (HasSignIn && ClientId == Audience)
        {
            // An ID token's audience is the client: if that were ours too, it would pass for an access token.
            yield return new SettingProblem($"{section}:{nameof(Audience)}",
                $"is '{Audience}', the client's own name; write the name that the API has at the issuer, such as https://shop.example/api.");
        }

        if (!HasSignIn && !string.IsNullOrEmpty(ClientSecret))
        {
            yield return new SettingProblem($"{section}:{nameof(ClientSecret)}",
                $"belongs to a client, and {section}:{nameof(ClientId)} is not set; write both or neither.");
        }
    }

    /// <summary>Keys that come over an open wire could be anybody's.</summary>
    internal static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
