using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenBitum.Access;
using OpenBitum.Http;

namespace OpenBitum.Idempotency;

/// <summary>
/// Keeps the bodies of stored answers from whoever reads the database: some hold a secret that is shown once, and most a buyer's
/// e-mail. A body is encrypted (AES-256-GCM) under a key that is made (HKDF, RFC 5869) from the Idempotency-Key as its caller sent
/// it, of which only a hash is stored, and from a secret of the instance, so that a guessable Idempotency-Key does not help either
/// where that secret lies beside the database and not in it.
/// </summary>
internal sealed partial class AnswerSeal(ISecretStore secrets, TimeProvider clock, ILogger<AnswerSeal> logger)
{
    private const int KeyBytes = 32;

    private const string SecretName = "answers.key";

    private readonly LogAllowance allowance = new(clock);

    // At the start and not with the first answer: what cannot be sealed then is done already.
    private readonly byte[] secret = SecretBytes.Keep(
        secrets, SecretName, "requests of the last 24 hours are answered 409 when they are repeated with their Idempotency-Key");

    /// <param name="answer">What was answered; its status is 2xx.</param>
    /// <param name="key">The caller's Idempotency-Key.</param>
    /// <param name="row">Under which the answer is stored.</param>
    public StoredAnswer Close(Answer answer, string key, string row)
    {
        var stored = new StoredAnswer(answer.Status, answer.Location, "");
        if (answer.Body.IsEmpty)
        {
            return stored;
        }

        Span<byte> sealedBody = new byte[Nonce + Tag + answer.Body.Length];
        RandomNumberGenerator.Fill(sealedBody[..Nonce]);
        using var cipher = Cipher(key, row);
        cipher.Encrypt(
            sealedBody[..Nonce], answer.Body.Span, sealedBody[(Nonce + Tag)..], sealedBody.Slice(Nonce, Tag), Bound(stored, row));
        return stored with { Body = Convert.ToBase64String(sealedBody) };
    }

    /// <summary>The body as it was answered; null when it cannot be read: the row was changed, or the instance has lost its secret.</summary>
    public byte[]? Open(StoredAnswer stored, string key, string row)
    {
        if (stored is { Status: StatusCodes.Status204NoContent, Body: "" })
        {
            return [];
        }

        var body = Unseal(stored, key, row);

        // Each repetition of any request of the last 24 hours comes here when the secret is lost.
        if (body is null && allowance.Take(out var unsaid))
        {
            LogUnreadable(SecretName, row, unsaid);
        }

        return body;
    }

    private byte[]? Unseal(StoredAnswer stored, string key, string row)
    {
        var bytes = new byte[stored.Body.Length];
        if (!Convert.TryFromBase64String(stored.Body, bytes, out var length) || length < Nonce + Tag)
        {
            return null;
        }

        ReadOnlySpan<byte> sealedBody = bytes.AsSpan(0, length);
        var body = new byte[length - Nonce - Tag];
        using var cipher = Cipher(key, row);
        try
        {
            cipher.Decrypt(sealedBody[..Nonce], sealedBody[(Nonce + Tag)..], sealedBody.Slice(Nonce, Tag), body, Bound(stored, row));
            return body;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static int Nonce => AesGcm.NonceByteSizes.MaxSize;

    private static int Tag => AesGcm.TagByteSizes.MaxSize;

    /// <summary>An answer cannot be moved to another row, nor be given another status or Location.</summary>
    private static byte[] Bound(StoredAnswer stored, string row) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row}\n{stored.Status}\n{stored.Location}"));

    private AesGcm Cipher(string key, string row)
    {
        byte[] material = [.. secret, .. Encoding.UTF8.GetBytes(key)];
        return new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, material, KeyBytes, info: Encoding.UTF8.GetBytes(row)), Tag);
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The answer to a request that was made within 24 hours cannot be read, so its repetition was answered 409: the secret {Secret} "
        + "is another than when it was stored, or row {Row} of idempotency_keys was changed. Put the former secret back from a backup "
        + "and start again ({Unsaid} more since the last such line)")]
    private partial void LogUnreadable(string secret, string row, int unsaid);
}
