using System.Security.Cryptography;
using System.Text;
using OpenBitum.Access;
using OpenBitum.Http;

namespace OpenBitum.Idempotency;

/// <summary>
/// `Idempotency-Key` on every write: the same key and body get the stored answer, parallel calls wait for one, and a call that failed
/// resumes with the ids that were reserved for it.
/// </summary>
internal sealed class IdempotencyKeys(RequestDelegate next, IGrainFactory grains, AnswerSeal seal)
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values) || context.Features.Get<RequestBody>() is not { } body)
        {
            return next(context);
        }

        if (values is not [{ } key] || !IsKey(key))
        {
            return new Refused(HttpError.MalformedKey).ExecuteAsync(context);
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<NeverStored>() is null ? Hold(context, key, body) : next(context);
    }

    private async Task Hold(HttpContext context, string key, RequestBody body)
    {
        var row = GrainKey(context, key);
        var use = new KeyInUse(grains.GetGrain<IIdempotencyGrain>(row), seal, key, row, body.Hash);
        var ticket = await use.Begin();
        if (use.AnswerOf(ticket) is { } answer)
        {
            await answer.ExecuteAsync(context);
            return;
        }

        var reservation = new Reservation(use, ticket);
        context.Features.Set(reservation);
        try
        {
            await next(context);
        }
        finally
        {
            await reservation.AbandonUnlessSettled();
        }
    }

    /// <summary>1-255 printable ASCII characters.</summary>
    private static bool IsKey(string key) =>
        key.Length is >= 1 and <= LongestKey && !key.AsSpan().ContainsAnyExceptInRange('\x20', '\x7e');

    /// <summary>The scope of a key is its caller, the method and the path; anonymous callers share one.</summary>
    private static string GrainKey(HttpContext context, string key)
    {
        var scope = $"{Caller.Of(context).Scope}\n{context.Request.Method}\n{context.Request.Path}\n{key}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scope)));
    }
}
