using OpenBitum.Http;

namespace OpenBitum.Access;

/// <summary>Lets a caller in by subscription key: whom it stands for, what it may read, and how often.</summary>
internal sealed class KeyGate(IGrainFactory grains, CredentialGuard guard)
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
        var shown = context.Request.Headers[Header];
        var credential = shown.ToString();
        if (guard.Refusal(context, credential) is { } spent)
        {
            context.Response.Tell(spent);
            return HttpError.RateLimited;
        }

        // A comma stands between two values that a proxy has joined (RFC 9110 section 5.3).
        if (!isAlone || shown is not [{ } text] || text.Contains(',', StringComparison.Ordinal))
        {
            return RefuseByAddress(context, credential, HttpError.TwoCredentials);
        }

        if (!SubscriptionKeyText.TryRead(text, out var id))
        {
            return RefuseByAddress(context, credential, HttpError.UnknownKey);
        }

        var admission = await grains.GetGrain<ISubscriptionKeyGrain>(id.Value).Admit(SubscriptionKeyText.Hash(text));
        if (admission.Standing is { } standing)
        {
            context.Response.Tell(standing);
        }

        if (admission.Status is not KeyAdmissionStatus.Unknown)
        {
            guard.Prove(credential);
        }

        return admission.Status switch
        {
            KeyAdmissionStatus.Unknown => RefuseByAddress(context, credential, HttpError.UnknownKey),
            KeyAdmissionStatus.Limited => HttpError.RateLimited,
            _ => Enter(context, id, admission),
        };
    }

    private static HttpError? Enter(HttpContext context, SubscriptionKeyId id, KeyAdmission admission)
    {
        var route = context.GetEndpoint()?.Metadata;
        var scope = route?.GetMetadata<KeyAccess>()?.Scope;
        if (context.Request.IsWrite() || (scope is not null && !admission.Scopes.Contains(scope)))
        {
            return HttpError.KeyForbidden;
        }

        if (scope is null)
        {
            // What anybody may read, whoever always sends a key may read too: it says nothing here, and gives nothing.
            return route?.GetMetadata<AccessPolicy>()?.Level is AccessLevel.Public ? null : HttpError.KeyForbidden;
        }

        context.Features.Set(new Caller { Subject = id.Value, Merchant = admission.Merchant });
        return null;
    }

    private HttpError RefuseByAddress(HttpContext context, string credential, HttpError refusal)
    {
        if (guard.Count(context, credential) is { } standing)
        {
            context.Response.Tell(standing);
        }

        return refusal;
    }
}
