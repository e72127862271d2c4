using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>A person's browser: keeps cookies, goes where it is sent, and fills in the issuer's form.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser() =>
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies });

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> Get(string address) => http.GetAsync(address, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> Post(string address, params (string Name, string Value)[] form) => http.PostAsync(
        address,
        new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        TestContext.Current.CancellationToken);

    /// <summary>Follows redirects until a page comes, or one leads to an address that begins so.</summary>
    /// <returns>The last answer: the page, or the redirect that was not followed.</returns>
    public async Task<HttpResponseMessage> Follow(HttpResponseMessage answer, string until)
    {
        while (answer.Headers.Location is { } location)
        {
            var next = new Uri(answer.RequestMessage!.RequestUri!, location).AbsoluteUri;
            if (next.StartsWith(until, StringComparison.Ordinal))
            {
                break;
            }

            answer = await Get(next);
        }

        return answer;
    }

    /// <summary>Begins at an address that leads to the issuer, signs in there, and stops before the browser is sent back.</summary>
    /// <returns>Where it is sent back to, with the code.</returns>
    public async Task<string> SignIn(string address, string account, string until)
    {
        var form = await Follow(await Get(address), until);
        var page = await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(form.IsSuccessStatusCode, page);
        var action = Regex.Match(page, "action=\"([^\"]+)\"").Groups[1].Value;
        var back = await Follow(
            await Post(WebUtility.HtmlDecode(action), ("prompt", "login"), ("login", account), ("password", "any")), until);
        Assert.NotNull(back.Headers.Location);
        return back.Headers.Location.AbsoluteUri;
    }

    /// <summary>What this browser would send to an address under this name; null for none.</summary>
    public string? Cookie(string address, string name) => Cookies.GetCookies(new Uri(address))[name]?.Value;

    public void Dispose() => http.Dispose();
}
