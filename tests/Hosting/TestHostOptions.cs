using Microsoft.Extensions.DependencyInjection;

namespace OpenBitum.Tests.Hosting;

/// <summary>What a test gives its silo.</summary>
public sealed record TestHostOptions
{
    /// <summary>The silo's time. A test that moves it gives a <see cref="ManualClock"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The seed of the stepped mode; null runs on threads. The other engine always runs on threads.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>Keeps records and reminders in files instead of memory, where the engine knows both.</summary>
    public bool OnDisk { get; init; }

    /// <summary>Services of the grains; also called for every restart.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>The silo's own settings, such as call filters.</summary>
    public Action<ISiloBuilder> Silo { get; init; } = _ => { };

    /// <summary>The shortest reminder period that is accepted.</summary>
    public TimeSpan MinimumReminderPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a caller waits when the method does not say.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);
}
