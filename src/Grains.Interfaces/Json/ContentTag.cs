using System.Security.Cryptography;
using System.Text.Json;

namespace OpenBitum.Json;

/// <summary>
/// An entity tag made of what is shown: for documents that several callers read under one URL, where a mere version number would let one
/// caller's cache answer for another.
/// </summary>
public static class ContentTag
{
    private const int Bytes = 12;

    public static string Of<T>(T view) => Of(JsonSerializer.SerializeToUtf8Bytes(view, WireJson.Options));

    /// <summary>The tag of a body that is made already, in its quotes.</summary>
    public static string Of(byte[] body) => $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, Bytes))}\"";
}
