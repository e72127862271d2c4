using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Pages;

/// <summary>Exchanges the code of a sign-in link for a session. The code stands behind the #, so only a script can read it.</summary>
internal static class SignInPage
{
    private const string Script =
        """
        (async()=>{const say=t=>document.getElementById('say').textContent=t;const code=location.hash.slice(1);
        history.replaceState(null,'',location.pathname);
        const answer=code?await fetch('/api/auth/session',{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({code})})
        :await fetch('/api/auth/session');
        if(answer.status===403){say('Open this link at the address that the host printed; it is the one of PublicBaseUrl.');return}
        if(answer.status===401){say(code?'This link was used already or is too old. Restart the host to get a new one.'
        :'Open the sign-in link that the host printed when it started.');return}
        if(!answer.ok){say('Signing in did not work just now. Try again in a moment.');return}
        const session=await answer.json();
        say('Signed in as '+session.subject+' of '+session.merchant+' until '+new Date(session.expiresAt).toLocaleString()+'.');
        const out=document.getElementById('out');out.hidden=false;
        out.onclick=async()=>{const end=await fetch('/api/auth/session',{method:'DELETE',headers:{'X-CSRF-Token':session.csrfToken}});
        out.hidden=end.ok;say(end.ok?'Signed out.':'Signing out did not work. Try again.')}
        })().catch(()=>document.getElementById('say').textContent='The host does not answer. Try again in a moment.');
        """;

    public static void MapSignInPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/sign-in", Routes.Reading, () => new Page(
            StatusCodes.Status200OK,
            "Sign in",
            Html.Of($"<h1>OpenBitum</h1><p id=\"say\">Signing in …</p><button id=\"out\" hidden>Sign out</button>"),
            script: Script)).Allow(AccessLevel.Open).Describe(PageDescriptions.SignIn);
}
