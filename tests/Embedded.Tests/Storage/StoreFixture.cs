using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Stepped;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

/// <summary>A data directory of its own, and the stores that a test opens on it one after another.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    // Only a failing test waits this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<EmbeddedStore> opened = [];
    private readonly bool ownsDirectory;

    public StoreFixture(string? directory = null)
    {
        ownsDirectory = directory is null;
        DataDirectory = directory ?? Directory.CreateTempSubdirectory("openbitum-store-").FullName;
    }

    public static SchemaScript Notes { get; }
        = new("001-notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");

    public string DataDirectory { get; }

    public string DatabasePath => Path.Combine(DataDirectory, "openbitum.db");

    public EmbeddedStoreOptions Options { get; private set; } = new();

    /// <summary>Null for the thread pool.</summary>
    public StepScheduler? Steps { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens the directory; the table of <see cref="Notes"/> is there unless other scripts are named.</summary>
    public async Task<EmbeddedStore> Open(Action<EmbeddedStoreOptions>? configure = null)
    {
        Options = new EmbeddedStoreOptions { DataDirectory = DataDirectory, SchemaScripts = [Notes] };
        configure?.Invoke(Options);
        var scheduler = Steps ?? (IEngineScheduler)new ThreadedScheduler();
        var store = new EmbeddedStore(Options, Time, scheduler, NullLogger<EmbeddedStore>.Instance);
        await store.Start(TestContext.Current.CancellationToken);
        opened.Add(store);
        return store;
    }

    internal EmbeddedGrainStorage Records(EmbeddedStore store) => new(store, Options, Time);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
        {
            store.Kill();
        }

        Steps?.RunAll();
        await Task.WhenAll(opened.Select(store => store.Released)).WaitAsync(Patience);
        if (ownsDirectory) Directory.Delete(DataDirectory, recursive: true);
    }
}

/// <summary>What the tests write and read.</summary>
internal static class NoteExtensions
{
    public static Task<long> Note(this EmbeddedStore store, string text, CancellationToken cancellationToken = default)
        => store.Write(text, static (connection, text) => connection.Insert(text), cancellationToken);

    public static long Insert(this StoreConnection connection, string text)
    {
        var statement = connection.Statement("INSERT INTO notes (text) VALUES (?1) RETURNING id").Bind(1, text);
        var id = 0L;
        while (statement.Step())
        {
            id = statement.Int64(0);
        }

        return id;
    }

    public static Task<List<string>> Notes(this EmbeddedStore store) => store.Read(AllNotes);

    public static List<string> AllNotes(this StoreConnection connection)
    {
        var notes = new List<string>();
        var statement = connection.Statement("SELECT text FROM notes ORDER BY id");
        while (statement.Step())
        {
            notes.Add(statement.Text(0));
        }

        return notes;
    }
}
