using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OpenBitum.Chains;
using OpenBitum.Outbox;
using OpenBitum.Time;

namespace OpenBitum.Site;

public sealed partial class SiteGrain : Grain, ISiteGrain
{
    private readonly Outbox<SiteState> outbox;
    private readonly ImmutableArray<string> tokens;
    private readonly TimeProvider clock;
    private readonly ILogger<SiteGrain> logger;

    public SiteGrain(
        [PersistentState("site", "grains")] IPersistentState<Record<SiteState>> record,
        Publisher publisher,
        ChainCatalog chains,
        TimeProvider clock,
        ILogger<SiteGrain> logger)
    {
        this.clock = clock;
        this.logger = logger;
        tokens = [.. chains.All.Select(chain => chain.Asset.Code)];
        outbox = new Outbox<SiteState>("site", ISiteGrain.Key, record, publisher, (_, _) => null, DeactivateOnIdle, logger);
    }

    private SiteView Document => outbox.State?.Document ?? SiteDocument.Default(tokens);

    public Task<SiteView> View() => Task.FromResult(Document);

    public Task<SiteTerms> Terms() => Task.FromResult(new SiteTerms(Document.DefaultPaymentToken, Document.ProcessingFeePct));

    public async Task<SiteResult> Update(UpdateSite command)
    {
        var decision = SiteDocument.Decide(outbox.State, command, tokens);
        if (decision.Document is { } changed)
        {
            var site = outbox.State ?? new SiteState { CreatedAt = clock.Now() };
            await outbox.Save(site with { Document = changed, Commands = site.Commands.With(command.CommandId) });
            LogChanged();
        }

        return new SiteResult(decision.Status, decision.Status is SiteStatus.Done ? Document : null, decision.Problems);
    }

    public async Task<DateTimeOffset> CreatedAt()
    {
        if (outbox.State is null)
        {
            await outbox.Save(new SiteState { CreatedAt = clock.Now() });
        }

        return outbox.State!.CreatedAt;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The operator has changed the site's document")]
    private partial void LogChanged();
}
