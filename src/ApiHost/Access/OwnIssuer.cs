using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Ids;
using OpenBitum.Settings;
using OpenBitum.Time;

namespace OpenBitum.Access;

/// <summary>For whom a token is made.</summary>
/// <param name="Roles">Roles of <see cref="AccessOptions"/>, or `customer`.</param>
/// <param name="Merchant">The tenant.</param>
/// <param name="Email">Stated as verified: whoever can make tokens vouches for it.</param>
/// <param name="Subject">Whom the token stands for.</param>
/// <param name="Lifetime">From now.</param>
internal sealed record TokenWish(
    ImmutableArray<string> Roles, MerchantId Merchant, string? Email, string Subject, TimeSpan Lifetime);

/// <summary>Makes the instance's own tokens, when no external issuer is configured.</summary>
internal sealed class OwnIssuer(IssuerKey key, AccessOptions options, Instance instance, TimeProvider clock)
{
    public string Name => instance.PublicBaseUrl;

    public IssuerKey Key => key;

    public string Make(TokenWish wish)
    {
        var now = clock.Now();
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = wish.Subject,
            ["roles"] = wish.Roles.ToArray(),
            ["organization_id"] = wish.Merchant.Value,
            [JwtRegisteredClaimNames.Jti] = Ulid.New(now),
        };
        if (wish.Email is not null)
        {
            claims[JwtRegisteredClaimNames.Email] = wish.Email;
            claims["email_verified"] = true;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = options.Audience,
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            Expires = (now + wish.Lifetime).UtcDateTime,
            SigningCredentials = key.Credentials,
            TokenType = "at+jwt",
        });
    }
}
