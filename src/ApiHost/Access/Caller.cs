using System.Collections.Immutable;

namespace OpenBitum.Access;

/// <summary>Who sends a request, resolved from its credentials and from nothing else.</summary>
internal sealed record Caller
{
    public static readonly Caller Anonymous = new();

    public bool IsAnonymous => Subject.Length == 0;

    public string Issuer { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>The tenant; only with a token.</summary>
    public MerchantId Merchant { get; init; }

    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Only when the issuer says that it was verified.</summary>
    public string? Email { get; init; }

    /// <summary>The token's `jti`, or the hash of what is signed in it where the issuer gives none.</summary>
    public string TokenId { get; init; } = "";

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The token itself; a session's CSRF token is bound to it.</summary>
    public string Token { get; init; } = "";

    /// <summary>Whom an Idempotency-Key belongs to.</summary>
    public string Scope => IsAnonymous ? "" : $"{Issuer}\n{Subject}\n{Merchant.Value}";

    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anonymous;

    /// <summary>An endpoint's parameter: whom <see cref="AccessGate"/> has let in.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
