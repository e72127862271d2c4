using OpenBitum.ReadModel;

namespace OpenBitum.Access;

public sealed class SessionGrain(IDatabase database) : Grain, ISessionGrain
{
    private bool ended;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        ended = await database.Read(session => EndedSessionRows.Exists(session, key));
    }

    public Task<bool> HasEnded() => Task.FromResult(ended);

    public async Task End(DateTimeOffset expiresAt)
    {
        var key = this.GetPrimaryKeyString();
        await database.Write(session => EndedSessionRows.Insert(session, key, expiresAt));
        ended = true;
    }
}
