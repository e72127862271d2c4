using System.Text.Json;

namespace OpenBitum.Access;

/// <summary>Where an issuer signs people in (OpenID Connect Discovery 1.0 section 3).</summary>
/// <param name="Authorization">Where the browser goes.</param>
/// <param name="Token">Where a code is exchanged.</param>
/// <param name="TakesBasic">Whether a client's secret goes into the Authorization header; into the form otherwise.</param>
internal sealed record IssuerEndpoints(string Authorization, string Token, bool TakesBasic)
{
    private const string AuthenticationMethods = "token_endpoint_auth_methods_supported";

    /// <summary>Null for an issuer that signs nobody in, or would over an open wire.</summary>
    public static IssuerEndpoints? Read(JsonElement discovery) =>
        Address(discovery, "authorization_endpoint") is { } authorization && Address(discovery, "token_endpoint") is { } token
            ? new IssuerEndpoints(authorization, token, CanTakeBasic(discovery))
            : null;

    private static string? Address(JsonElement discovery, string name) =>
        discovery.TryGetProperty(name, out var value) && value.GetString() is { } address && AccessOptions.IsSafe(address) ? address : null;

    /// <summary>An issuer that names no methods takes Basic.</summary>
    private static bool CanTakeBasic(JsonElement discovery) =>
        !discovery.TryGetProperty(AuthenticationMethods, out var methods)
        || methods.EnumerateArray().Any(method => method.GetString() == "client_secret_basic");
}
