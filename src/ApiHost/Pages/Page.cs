using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Pages;

/// <summary>A whole page with a policy that lets nothing in but what stands in it.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="title">Of the window.</param>
/// <param name="body">What is shown.</param>
/// <param name="refreshSeconds">Loads the page again where its script does not run, or it has none; null: never.</param>
/// <param name="script">Runs on the page; its hash is what the policy lets in.</param>
/// <param name="colour">A stripe at its head, as #rrggbb, which the rules of a theme have made sure of; null: none.</param>
internal sealed class Page(
    int status, string title, Html body, int? refreshSeconds = null, string? script = null, string? colour = null) : IResult
{
    private const string Style =
        """
        :root{color-scheme:light dark;--ink:#17202a;--soft:#5c6b7a;--line:#d9e0e7;--paper:#fff;--back:#f3f5f8;--mark:#0b6e4f}
        @media(prefers-color-scheme:dark){:root{--ink:#eef2f6;--soft:#9fb0c0;--line:#33404d;--paper:#1b232c;--back:#11171d;--mark:#4cc79b}}
        *{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:34rem;margin:6vh auto;padding:2rem;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);border-radius:12px}
        h1{font-size:1.25rem;margin:.5rem 0 .25rem}p{margin:.5rem 0;color:var(--soft)}a{color:var(--mark)}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:1.25rem 0}dt{color:var(--soft)}dd{margin:0;text-align:right}
        .status{display:inline-block;padding:.1rem .7rem;border:1px solid var(--mark);border-radius:99px;color:var(--mark);font-size:.9rem}
        .address{font:1rem/1.6 ui-monospace,monospace;padding:.75rem 1rem;border:1px dashed var(--line);border-radius:8px;user-select:all}
        .pay,button{display:block;width:100%;margin-top:1rem;padding:.75rem;border:0;border-radius:8px;background:var(--mark);color:var(--paper);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
        [hidden]{display:none}
        """;

    private static readonly string PlainHash = Hash(Style);

    private readonly string policy = string.Join("; ",
        "default-src 'none'",
        $"style-src '{(colour is null ? PlainHash : Hash(StyleOf(colour)))}'",
        script is null ? "script-src 'none'" : $"script-src '{Hash(script)}'",
        script is null ? "connect-src 'none'" : "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.CacheControl = "no-store";
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(Write(), httpContext.RequestAborted);
    }

    // Only a stripe: text in a merchant's colour might not be read on our paper, light or dark.
    private static string StyleOf(string? colour) => colour is null ? Style : $"{Style}\nmain{{border-top:6px solid {colour}}}";

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private string Write()
    {
        var refresh = refreshSeconds is { } seconds ? Html.Of($"<meta http-equiv=\"refresh\" content=\"{seconds}\">") : Html.Empty;
        if (script is not null)
        {
            refresh = Html.Of($"<noscript>{refresh}</noscript>");
        }

        var head = Html.Of(
            $"<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">{refresh}<title>{title}</title>");
        // Style and script are constants of ours: encoding them would change what their hashes stand for.
        var end = script is null ? "" : $"<script>{script}</script>";
        return $"<!doctype html><html lang=\"en\"><head>{head}<style>{StyleOf(colour)}</style></head><body><main>{body}</main>{end}</body></html>";
    }
}
