using System.Collections.Frozen;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Pages;

/// <summary>Exchanges the code of a sign-in link for a session. The code stands behind the #, so only a script can read it.</summary>
internal static class SignInPage
{
    private const string Script =
        """
        (async()=>{const line=document.getElementById('say'),again=document.getElementById('in'),out=document.getElementById('out');
        const say=t=>line.textContent=t;const offer=()=>{if(again)again.hidden=false};const code=location.hash.slice(1);
        history.replaceState(null,'',location.pathname);
        if(!code&&!('cookie' in line.dataset)){say(line.dataset.how);offer();return}
        say('Signing in …');
        const answer=code?await fetch('/api/auth/session',{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({code})})
        :await fetch('/api/auth/session');
        if(answer.status===403){say('Open this link at the address that the host printed; it is the one of PublicBaseUrl.');return}
        if(answer.status===401){say(code?'This link was used already or is too old. Restart the host to get a new one.':line.dataset.how);
        offer();return}
        if(!answer.ok){say('Signing in did not work just now. Try again in a moment.');return}
        const session=await answer.json();
        say('Signed in as '+session.subject+' of '+session.merchant+' until '+new Date(session.expiresAt).toLocaleString()+'.');
        out.hidden=false;
        out.onclick=async()=>{out.disabled=true;
        const end=await fetch('/api/auth/session',{method:'DELETE',headers:{'X-CSRF-Token':session.csrfToken}}).catch(()=>({ok:false}));
        const isOut=end.ok||end.status===401;
        out.disabled=false;out.hidden=isOut;if(isOut)offer();say(isOut?'Signed out.':'Signing out did not work. Try again.')}
        })().catch(()=>document.getElementById('say').textContent='The host does not answer. Try again in a moment.');
        """;

    public static readonly FrozenDictionary<string, string> Problems = new Dictionary<SignInProblem, string>
    {
        [SignInProblem.Stale] = "This sign-in was begun in another window, or too long ago.",
        [SignInProblem.Ended] = "The sign-in was ended before it was done.",
        [SignInProblem.Refused] = "The issuer did not confirm this sign-in. The log of this service says why.",
        [SignInProblem.NotMeant] =
            "You are signed in at the issuer, but it gave no token that this service can take. The log of this service says why.",
        [SignInProblem.Unavailable] = "The issuer that signs people in does not answer at present. Try again in a moment.",
    }.ToFrozenDictionary(pair => Word(pair.Key), pair => pair.Value, StringComparer.Ordinal);

    public static void MapSignInPage(this IEndpointRouteBuilder routes, AccessOptions options)
    {
        routes.MapMethods("/sign-in", Routes.Reading, Show).Allow(AccessLevel.Open).Describe(PageDescriptions.SignIn);

        IResult Show(HttpRequest request) =>
            Problems.TryGetValue(request.Query["problem"].ToString(), out var problem) ? Failed(problem) : Signing(options, Session.Count(request) > 0);
    }

    /// <summary>The page that says why a browser was not signed in. It knows the word only, so that no address puts a text on it.</summary>
    public static SeeOther Showing(SignInProblem problem) => new($"/sign-in?problem={Word(problem)}");

    /// <param name="options">What the page can offer.</param>
    /// <param name="hasCookie">Only then may there be a session; asking for one without it is a failed call in every browser's log.</param>
    private static Page Signing(AccessOptions options, bool hasCookie) => new(
        StatusCodes.Status200OK,
        "Sign in",
        Html.Of(
            $"""
            <h1>OpenBitum</h1><p id="say" role="status" data-how="{How(options)}"{(hasCookie ? Cookie : Html.Empty)}></p>
            <noscript><p>Signing in needs JavaScript on this page.</p></noscript>
            {(options.HasSignIn ? Link : Html.Empty)}<button id="out" hidden>Sign out</button>
            """),
        script: Script);

    private static Page Failed(string problem) => new(
        StatusCodes.Status200OK,
        "Not signed in",
        Html.Of($"<h1>Not signed in</h1><p>{problem}</p><a class=\"pay\" href=\"/api/auth/login\">Sign in again</a>"));

    private static Html Cookie => Html.Of($" data-cookie");

    private static Html Link => Html.Of($"<a id=\"in\" class=\"pay\" href=\"/api/auth/login\" hidden>Sign in</a>");

    /// <summary>For whoever is not signed in yet.</summary>
    private static string How(AccessOptions options) =>
        options.HasSignIn ? "You are not signed in."
        : options.HasOwnIssuer ? "Open the sign-in link that the host printed when it started."
        : "This service takes tokens of its issuer. Signing in on this page needs Auth:ClientId.";

    private static string Word(SignInProblem problem) => problem switch
    {
        SignInProblem.Stale => "stale",
        SignInProblem.Ended => "ended",
        SignInProblem.Refused => "refused",
        SignInProblem.NotMeant => "not-meant",
        _ => "unavailable",
    };
}
