using OpenBitum.Access;

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
        if(!answer.ok){say('This link was used already or is too old. Restart the host to get a new one.');return}
        const session=await answer.json();
        say('Signed in as '+session.subject+' of '+session.merchant+' until '+new Date(session.expiresAt).toLocaleString()+'.');
        const out=document.getElementById('out');out.hidden=false;
        out.onclick=async()=>{await fetch('/api/auth/session',{method:'DELETE',headers:{'X-CSRF-Token':session.csrfToken}});out.hidden=true;say('Signed out.')}
        })();
        """;

    public static void MapSignInPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/sign-in", () => new Page(
            StatusCodes.Status200OK,
            "Sign in",
            Html.Of($"<h1>OpenBitum</h1><p id=\"say\">Signing in …</p><button id=\"out\" hidden>Sign out</button>"),
            script: Script)).Allow(AccessLevel.Open);
}
