using System.Security.Cryptography;
using System.Text;
using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>The one-time link that the host prints at start.</summary>
internal sealed class SignInLink(
    IGrainFactory grains, AccessOptions options, Instance instance, TimeProvider clock, IServiceProvider services)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    /// <summary>A fresh link, good once within 15 minutes.</summary>
    public async Task<string> Make()
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        await Grain(code).Offer(clock.GetUtcNow() + GoodFor);
        // Behind the #: a browser sends it to nobody, so that no log along the way holds it.
        return $"{instance.PublicBaseUrl}/sign-in#{code}";
    }

    /// <summary>A token of the own issuer for whoever holds the code; null when it is unknown, used or too old.</summary>
    public async Task<string?> Redeem(string code)
    {
        if (services.GetService<OwnIssuer>() is not { } issuer || !await Grain(code).Redeem())
        {
            return null;
        }

        return issuer.Make(new TokenWish(
            [options.AdminRole, options.OperatorRole], new MerchantId(options.DefaultMerchant), null, "owner", SessionLength));
    }

    private ISignInCodeGrain Grain(string code) =>
        grains.GetGrain<ISignInCodeGrain>(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))));
}
