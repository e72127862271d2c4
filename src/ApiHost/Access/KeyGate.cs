using OpenBitum.Http;

namespace OpenBitum.Access;

/// <summary>Lets a caller in by subscription key: whom it stands for, what it may read, and how often.</summary>
internal sealed class KeyGate(IGrainFactory grains, AddressLimits addresses)
{
    public const string Header = "Ocp-Apim-Subscription-Key";

    /// <summary>RFC 9110 section 11.6.1 asks for a challenge with every 401; no scheme is registered for keys in a header of their own.</summary>
    public const string Challenge = $"SubscriptionKey header=\"{Header}\", error=\"invalid_key\"";

    /// <summary>How gateways of this header's family name the key in a query.</summary>
    private static readonly string[] QueryNames = ["subscription-key", Header];

    public static bool IsShown(HttpRequest request) => request.Headers.ContainsKey(Header);

    /// <summary>
    /// A key in an address would end up in logs and histories, so it is refused on every route and never looked at.
    /// </summary>
    public static Invalid? RefusalOf(IQueryCollection query) =>
        QueryNames.FirstOrDefault(query.ContainsKey) is { } name
            ? new Invalid(name, Problems.FieldProblemCode.UnknownField, $"Send the key in the header {Header}: addresses end up in logs.")
            : null;

    /// <summary>Counts the call and makes its <see cref="Caller"/>, or says how it is refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isAlone">No other kind of credential was sent.</param>
    public async Task<HttpError?> Admit(HttpContext context, bool isAlone)
    {
        // Refused keys are counted by address: a key that is guessed has no count of its own.
        if (addresses.Spent(AddressLimit.RefusedKeys, context) is { } spent)
        {
            context.Response.Tell(spent);
            return HttpError.RateLimited;
        }

        // A comma stands between two values that a proxy has joined (RFC 9110 section 5.3).
        var shown = context.Request.Headers[Header];
        if (!isAlone || shown is not [{ } text] || text.Contains(',', StringComparison.Ordinal))
        {
            return RefuseByAddress(context, HttpError.TwoCredentials);
        }

        if (!SubscriptionKeyText.TryRead(text, out var id))
        {
            return RefuseByAddress(context, HttpError.UnknownKey);
        }

        var admission = await grains.GetGrain<ISubscriptionKeyGrain>(id.Value).Admit(SubscriptionKeyText.Hash(text));
        if (admission.Standing is { } standing)
        {
            context.Response.Tell(standing);
        }

        return admission.Status switch
        {
            KeyAdmissionStatus.Unknown => RefuseByAddress(context, HttpError.UnknownKey),
            KeyAdmissionStatus.Limited => HttpError.RateLimited,
            _ => Enter(context, id, admission),
        };
    }

    private static HttpError? Enter(HttpContext context, SubscriptionKeyId id, KeyAdmission admission)
    {
        if (context.Request.IsWrite()
            || context.GetEndpoint()?.Metadata.GetMetadata<KeyAccess>() is not { } access || !admission.Scopes.Contains(access.Scope))
        {
            return HttpError.KeyForbidden;
        }

        context.Features.Set(new Caller { Subject = id.Value, Merchant = admission.Merchant });
        return null;
    }

    private HttpError RefuseByAddress(HttpContext context, HttpError refusal)
    {
        if (addresses.Take(AddressLimit.RefusedKeys, context) is { } standing)
        {
            context.Response.Tell(standing);
        }

        return refusal;
    }
}
