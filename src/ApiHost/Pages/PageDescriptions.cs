using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Orders;

namespace OpenBitum.Pages;

internal static class PageDescriptions
{
    private const string Html = "text/html";

    private static readonly Parameter Id = new("id", Schema.Id<OrderId>(), "The order.");

    private static readonly OtherAnswer NoOrder = new(StatusCodes.Status404NotFound, Html, "There is no such order.");

    public static Operation Checkout() => new("showCheckoutPage", Tag.Pages, "Shows an order to its buyer in a browser")
    {
        Parameters = [Id, new("refused", Schema.Text(1), "The way to pay that was picked just now cannot be used; the page says so.")],
        Also = [new OtherAnswer(StatusCodes.Status200OK, Html, "The page."), NoOrder],
    };

    public static Operation Choose() => new("chooseOnCheckoutPage", Tag.Pages, "The page's form: picks how to pay")
    {
        Parameters = [Id],
        About = "A browser's form, `application/x-www-form-urlencoded`, with the field `method`. It leads back to the page.",
        Sends = AnswerHeader.Location,
        Refusals = [HttpError.Malformed, HttpError.PayloadTooLarge, HttpError.UnsupportedForm],
        Also = [NoOrder],
    };

    public static Operation Login() => new("beginSignIn", Tag.Access, "Sends a browser to the issuer to sign in")
    {
        About = "Where `Auth:ClientId` names a client of an issuer; 404 otherwise. What goes wrong is shown on `/sign-in`.",
        Parameters = [new("returnTo", Schema.Text(1_000), "A path of this service to come back to, `/sign-in` by default.")],
        Sends = AnswerHeader.Location | AnswerHeader.SetCookie,
    };

    public static Operation Callback() => new("finishSignIn", Tag.Access, "Takes a browser back from the issuer and opens its session")
    {
        About = "The issuer sends a browser here with `code` and `state`, or with `error`; other parameters of it are ignored.",
        Parameters =
        [
            new("state", Schema.Text(1_000), "What the sign-in was begun with."),
            new("code", Schema.Text(4_000), "Good once for a token."),
            new("error", Schema.Text(1_000), "Why there is no code; RFC 6749, section 4.1.2.1."),
        ],
        Sends = AnswerHeader.Location | AnswerHeader.SetCookie,
    };

    public static Operation SignIn() => new("showSignInPage", Tag.Pages, "Signs a browser in")
    {
        Parameters =
        [
            new("problem", Schema.OneOf(SignInPage.Problems.Keys.Order()), "Why the browser was not signed in; any other text is overlooked."),
        ],
        Also = [new OtherAnswer(StatusCodes.Status200OK, Html, "The page.")],
    };
}
