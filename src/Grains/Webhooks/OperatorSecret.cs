using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
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
    private const string FileName = "webhook-secret";

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

    /// <summary>
    /// The secret of the data folder, made by whoever comes first. Of two processes that make one at the same moment, both end
    /// with the same.
    /// </summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static OperatorSecret OfFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            Make(path);
        }

        var text = File.ReadAllText(path).TrimEnd('\r', '\n');
        return IsValid(text)
            ? new OperatorSecret(text)
            : throw new InvalidDataException(
                $"{path} does not hold {ShortestText}-{LongestText} printable ASCII characters. Put back the secret that receivers know, "
                + "or remove the file to have a new one made.");
    }

    private static void Make(string path)
    {
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            var secret = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomLength));
            stream.Write(Encoding.UTF8.GetBytes(secret));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody was faster, and theirs is the secret.
            File.Delete(draft);
        }
    }
}
