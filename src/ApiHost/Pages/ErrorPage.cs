using OpenBitum.Http;

namespace OpenBitum.Pages;

/// <summary>A refusal as a person sees it who has opened an address of this service. The API speaks JSON, whoever asks it.</summary>
internal static class ErrorPage
{
    private static readonly PathString[] Api = ["/api", Prefix.Name, "/healthz", "/openapi"];

    public static bool IsWanted(HttpRequest request) =>
        !Array.Exists(Api, root => request.Path.StartsWithSegments(root, StringComparison.Ordinal)) && request.Prefers("text/html");

    public static Page Of(HttpError error)
    {
        var (title, text) = error.Status switch
        {
            StatusCodes.Status404NotFound => ("Not found", "There is nothing at this address."),
            StatusCodes.Status429TooManyRequests =>
                ("Too many calls", "Too many calls came from your network. Wait a minute, then load this page again."),
            StatusCodes.Status500InternalServerError => ("Something went wrong", "It is no mistake of yours. Try again in a moment."),
            StatusCodes.Status503ServiceUnavailable => ("Not available", "This service cannot answer just now. Try again in a moment."),
            _ => ("Not possible", error.Message),
        };
        return new Page(error.Status, title, Html.Of($"<h1>{title}</h1><p>{text}</p>"));
    }
}
