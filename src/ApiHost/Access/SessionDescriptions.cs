using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Access;

internal static class SessionDescriptions
{
    private static readonly SessionView Session = new(
        "anna", new MerchantId("default"), ["admin"], Sample.At.AddHours(1), "m6nU5sP1mZ4aVQ0b7o6wVnq1t2yJc9kq0mH5xYb3sRk");

    public static Operation SignIn() => new("signIn", Tag.Access, "Opens a session")
    {
        About = "With the code of a sign-in link, or with a bearer token. The answer sets the cookie and is never kept for an Idempotency-Key.",
        Body = Schema.Object(Field.Optional("code", Schema.Text(1_000).OrNull(), "What stands behind the # of a sign-in link.")),
        BodyExample = """{ "code": "Zk3vV1o2cXo0uQm5r8wJ9A" }""",
        Example = Session,
        Refusals = [HttpError.Forbidden, HttpError.Unauthorized, HttpError.TwoCredentials, HttpError.TokenTooLong],
        Sends = AnswerHeader.SetCookie,
    };

    public static Operation Read() => new("getSession", Tag.Access, "Shows who is signed in") { Example = Session };

    public static Operation SignOut() => new("signOut", Tag.Access, "Ends a session")
    {
        About = "Its token is refused from now on, wherever it is shown.",
        Sends = AnswerHeader.SetCookie,
    };
}
