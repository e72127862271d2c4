using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using OpenBitum.Access;
using OpenBitum.Settings;

namespace OpenBitum.Webhooks;

/// <summary>
/// The instance's signing secret, for the operator's own endpoints (those of the default merchant). It never reaches a tenant.
/// </summary>
public sealed class OperatorSecret(string text)
{
    public const string SettingKey = "GLUE_OUTBOUND_WEBHOOK_SECRET";

    private const int ShortestText = 24;
    private const int LongestText = 64;
    private const string KeptName = "webhook-secret";

    // 24 random bytes are 32 characters of base64url.
    private const int RandomLength = 24;

    /// <summary>Its UTF-8 bytes are the key.</summary>
    public byte[] Key { get; } = Encoding.UTF8.GetBytes(text);

    public static bool IsValid(string text) =>
        text.Length is >= ShortestText and <= LongestText && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>The configured secret; null when there is none, or when it is wrong, which is said to the reader.</summary>
    public static OperatorSecret? Configured(IConfiguration configuration, SettingsReader reader)
    {
        if (configuration[SettingKey] is not { Length: > 0 } text)
        {
            return null;
        }

        if (IsValid(text))
        {
            return new OperatorSecret(text);
        }

        reader.Refuse(SettingKey, $"is out of its bounds; write {ShortestText}-{LongestText} printable ASCII characters.");
        return null;
    }

    /// <summary>The secret that the instance has made for itself.</summary>
    /// <exception cref="InvalidDataException">What is kept is something else.</exception>
    public static OperatorSecret Kept(ISecretStore secrets)
    {
        var text = secrets.Keep(KeptName, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomLength)));
        return IsValid(text)
            ? new OperatorSecret(text)
            : throw new InvalidDataException(
                $"{KeptName} does not hold {ShortestText}-{LongestText} printable ASCII characters. Put back the secret that "
                + "receivers know, or remove it to have a new one made.");
    }
}
