using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenBitum.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(typeof(WebhookSignatureTests).Assembly.GetManifestResourceStream("webhooks.json")!).RootElement;

    public static TheoryData<string> Cases { get; } = [.. Vectors.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_vector_is_signed_as_it_says(string name)
    {
        var (one, body, seconds) = Case(name);
        var id = one.GetProperty("id").GetString()!;
        Assert.True(WebhookSecret.TryRead(Vectors.GetProperty("secret_a").GetString()!, out var key));
        Assert.True(WebhookSecret.TryRead(Vectors.GetProperty("whsec_a").GetString()!, out var same));
        Assert.True(WebhookSecret.TryRead(Vectors.GetProperty("whsec_b").GetString()!, out var other));

        Assert.Equal(one.GetProperty("body_len").GetInt32(), body.Length);
        Assert.Equal(one.GetProperty("body_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(body)));
        Assert.Equal(key, same);
        Assert.Equal(one.GetProperty("legacy").GetString(), WebhookSignature.Plain(key, body));
        Assert.Equal(one.GetProperty("sw").GetString(), WebhookSignature.Standard(key, id, seconds, body));
        Assert.Equal(one.GetProperty("sw_rot").GetString(), WebhookSignature.Standard(other, id, seconds, body));
        Assert.Equal(
            $"{one.GetProperty("sw_rot").GetString()} {one.GetProperty("sw").GetString()}",
            WebhookSignature.Standard(other, key, id, seconds, body));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_saved_delivery_is_found_valid_until_a_byte_of_it_changes(string name)
    {
        var (one, body, seconds) = Case(name);
        var headers = ImmutableDictionary<string, string>.Empty
            .Add("Webhook-Id", one.GetProperty("id").GetString()!)
            .Add("Webhook-Timestamp", seconds.ToString(CultureInfo.InvariantCulture))
            .Add("Webhook-Signature", $"{one.GetProperty("sw_rot").GetString()} {one.GetProperty("sw").GetString()}")
            .Add("X-OpenBitum-Signature", one.GetProperty("legacy").GetString()!);
        var secret = Vectors.GetProperty("secret_a").GetString()!;

        Assert.Equal(Verification.Valid, WebhookVerification.Check(headers, body, secret));
        Assert.Equal(Verification.Valid, WebhookVerification.Check(headers, body, Vectors.GetProperty("whsec_a").GetString()!));
        Assert.Equal(
            new Verification(VerificationStatus.WrongSignature, "webhook-signature"),
            WebhookVerification.Check(headers, [.. body, 0x20], secret));
        Assert.Equal(
            new Verification(VerificationStatus.WrongSignature, "webhook-signature"),
            WebhookVerification.Check(headers.SetItem("Webhook-Timestamp", (seconds + 1).ToString(CultureInfo.InvariantCulture)), body, secret));
        Assert.Equal(
            new Verification(VerificationStatus.WrongSignature, "x-openbitum-signature"),
            WebhookVerification.Check(headers.SetItem("X-OpenBitum-Signature", new string('0', 64)), body, secret));
        Assert.Equal(
            new Verification(VerificationStatus.UnreadableTimestamp, "webhook-timestamp"),
            WebhookVerification.Check(headers.SetItem("Webhook-Timestamp", "soon"), body, secret));
        Assert.Equal(
            new Verification(VerificationStatus.MissingHeader, "webhook-id"),
            WebhookVerification.Check(headers.Remove("Webhook-Id"), body, secret));
        Assert.Equal(
            new Verification(VerificationStatus.UnreadableSecret, null),
            WebhookVerification.Check(headers, body, "too short"));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void The_operators_secret_has_24_to_64_characters(int length, bool valid) =>
        Assert.Equal(valid, OperatorSecret.IsValid(new string('s', length)));

    [Theory]
    [InlineData("0123456789012345678901é")]
    [InlineData("012345678901234567890123\n")]
    public void The_operators_secret_is_printable_ASCII(string secret) => Assert.False(OperatorSecret.IsValid(secret));

    [Fact]
    public void A_new_key_has_256_random_bits_and_is_shown_padded()
    {
        var shown = WebhookSecret.Show(WebhookSecret.NewKey());

        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", shown);
        Assert.NotEqual(shown, WebhookSecret.Show(WebhookSecret.NewKey()));
    }

    private static (JsonElement Case, byte[] Body, long Seconds) Case(string name)
    {
        var one = Vectors.GetProperty("cases").EnumerateArray().Single(element => element.GetProperty("name").GetString() == name);
        return (one, Encoding.UTF8.GetBytes(one.GetProperty("body").GetString()!), one.GetProperty("ts").GetInt64());
    }
}
