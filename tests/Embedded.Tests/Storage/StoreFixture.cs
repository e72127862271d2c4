using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

/// <summary>A data directory of its own, and the stores that a test opens on it one after another.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly List<(EmbeddedStore Store, ThreadScheduler Scheduler)> opened = [];
    private readonly bool ownsDirectory;

    public StoreFixture(string? directory = null)
    {
        ownsDirectory = directory is null;
        DataDirectory = directory ?? Directory.CreateTempSubdirectory("openbitum-store-").FullName;
    }

    public string DataDirectory { get; }

    public string DatabasePath => Path.Combine(DataDirectory, "openbitum.db");

    public EmbeddedStoreOptions Options { get; private set; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async Task<EmbeddedStore> Open(Action<EmbeddedStoreOptions>? configure = null)
    {
        Options = new EmbeddedStoreOptions { DataDirectory = DataDirectory, SerializerOptions = JsonSerializerOptions.Web };
        configure?.Invoke(Options);
        var scheduler = new ThreadScheduler();
        var store = new EmbeddedStore(Options, Time, scheduler, NullLogger<EmbeddedStore>.Instance);
        await store.Start(TestContext.Current.CancellationToken);
        opened.Add((store, scheduler));
        return store;
    }

    internal EmbeddedGrainStorage Records(EmbeddedStore store) => new(store, Options, Time);

    public async ValueTask DisposeAsync()
    {
        foreach (var (store, scheduler) in opened)
        {
            store.Kill();
            await scheduler.DisposeAsync();
        }

        if (ownsDirectory) Directory.Delete(DataDirectory, recursive: true);
    }
}
