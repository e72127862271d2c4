using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Settings;
using OpenBitum.Silo;

namespace OpenBitum.CommandLine;

/// <summary>`token`: prints one token of the own issuer on standard output and nothing else, beside a running host too.</summary>
internal static class TokenCommand
{
    private const int MostMinutes = 525_600;

    private const string Usage =
        """
        Usage: openbitum token --role admin|operator|customer [--merchant ID] [--email E] [--subject S] [--minutes 60]

          --role      what the token allows: a merchant's admin, the operator of the instance, or a buyer
          --merchant  the tenant; by default Auth:DefaultMerchant
          --email     a buyer's address, stated as verified
          --subject   whom the token stands for; by default the role
          --minutes   how long it is good, 1 to 525600

        It needs the settings of the host it is for: Data:Directory, PublicBaseUrl and Auth.
        """;

    public static int Run(string[] args)
    {
        if (!Options.TryParse(args, ["role", "merchant", "email", "subject", "minutes"], out var options, out var problem))
        {
            return Commands.Misuse(problem, Usage);
        }

        if (options.WantsHelp)
        {
            Console.WriteLine(Usage);
            return Commands.Done;
        }

        var configuration = WebApplication.CreateSlimBuilder([.. options.Settings]).Configuration;
        var reader = new SettingsReader();
        var access = reader.Read<AccessOptions>(configuration, "Auth");
        var instance = Instance.Of(configuration, reader);
        if (ReadWish(options, access, out problem) is not { } wish)
        {
            return Commands.Misuse(problem, Usage);
        }

        var secrets = SiloEngine.OpenSecrets(configuration, reader);
        if (!access.HasOwnIssuer)
        {
            Console.Error.WriteLine($"This instance takes the tokens of {access.Issuer}; ask there for one.");
            return Commands.Refused;
        }

        Console.WriteLine(new OwnIssuer(IssuerKey.Of(secrets), access, instance, TimeProvider.System).Make(wish));
        return Commands.Done;
    }

    private static TokenWish? ReadWish(Options options, AccessOptions access, out string problem)
    {
        var role = options["role"] switch
        {
            "admin" => access.AdminRole,
            "operator" => access.OperatorRole,
            "customer" => "customer",
            _ => null,
        };
        var isMerchant = MerchantId.TryParse(options["merchant"] ?? access.DefaultMerchant, out var merchant);
        var isTime = int.TryParse(options["minutes"] ?? "60", NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && minutes is >= 1 and <= MostMinutes;
        problem = role is null ? "--role is admin, operator or customer."
            : !isMerchant ? "--merchant is 1-64 of A-Z a-z 0-9 _ -."
            : !isTime ? $"--minutes is a whole number from 1 to {MostMinutes}."
            : "";
        return problem.Length > 0
            ? null
            : new TokenWish(
                [role!],
                merchant,
                options["email"],
                options["subject"] ?? options["email"] ?? options["role"]!,
                TimeSpan.FromMinutes(minutes));
    }
}
