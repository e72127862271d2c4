using OpenBitum.Time;

namespace OpenBitum.Access;

public sealed class SignInCodeGrain(TimeProvider clock) : Grain, ISignInCodeGrain
{
    private DateTimeOffset? openUntil;

    public Task Offer(DateTimeOffset expiresAt)
    {
        openUntil = expiresAt;
        DelayDeactivation(expiresAt - clock.Now());
        return Task.CompletedTask;
    }

    public Task<bool> Redeem()
    {
        var isOpen = openUntil is { } until && clock.Now() < until;
        openUntil = null;
        DeactivateOnIdle();
        return Task.FromResult(isOpen);
    }
}
