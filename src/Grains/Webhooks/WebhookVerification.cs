using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Webhooks;

public enum VerificationStatus { Valid, UnreadableSecret, MissingHeader, UnreadableTimestamp, WrongSignature }

/// <summary>What a check of a saved delivery found.</summary>
/// <param name="Header">The header that is missing, unreadable or wrong; null when all is well or the secret is at fault.</param>
public sealed record Verification(VerificationStatus Status, string? Header)
{
    public static Verification Valid { get; } = new(VerificationStatus.Valid, null);
}

/// <summary>
/// Checks a delivery that a receiver has saved, as the receiver should have: the age of its timestamp is no matter here.
/// </summary>
public static class WebhookVerification
{
    private static readonly string[] Needed =
    [
        WebhookSignature.IdHeader, WebhookSignature.TimestampHeader, WebhookSignature.StandardHeader, WebhookSignature.PlainHeader,
    ];

    /// <param name="headers">Names in any case.</param>
    /// <param name="body">The exact bytes that came.</param>
    /// <param name="secret">`whsec_…`, or the operator's secret as it is configured.</param>
    public static Verification Check(IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body, string secret)
    {
        if (!WebhookSecret.TryRead(secret, out var key))
        {
            return new Verification(VerificationStatus.UnreadableSecret, null);
        }

        var known = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        if (Needed.FirstOrDefault(name => !known.ContainsKey(name)) is { } missing)
        {
            return new Verification(VerificationStatus.MissingHeader, missing);
        }

        if (!long.TryParse(known[WebhookSignature.TimestampHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return new Verification(VerificationStatus.UnreadableTimestamp, WebhookSignature.TimestampHeader);
        }

        var standard = WebhookSignature.Standard(key, known[WebhookSignature.IdHeader], seconds, body);
        if (!known[WebhookSignature.StandardHeader].Split(' ').Any(one => Same(one, standard)))
        {
            return new Verification(VerificationStatus.WrongSignature, WebhookSignature.StandardHeader);
        }

        return Same(known[WebhookSignature.PlainHeader], WebhookSignature.Plain(key, body))
            ? Verification.Valid
            : new Verification(VerificationStatus.WrongSignature, WebhookSignature.PlainHeader);
    }

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
