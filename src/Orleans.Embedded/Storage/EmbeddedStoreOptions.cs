using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Orleans.Storage;

/// <summary>A numbered piece of DDL that a file goes through once.</summary>
/// <param name="Name">Begins with its number, such as "003-orders", and never changes.</param>
/// <param name="Sql">Statements separated by semicolons; the text never changes once released.</param>
public sealed record SchemaScript(string Name, string Sql);

/// <summary>Where and how the embedded engine keeps its file.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>The folder of the file and of its lock. Created when missing, readable by its owner only.</summary>
    [Required] public string DataDirectory { get; set; } = "./data";

    /// <summary>Refuses a folder without a file instead of making one: for commands, whose folder may be mistyped.</summary>
    public bool MustExist { get; set; }

    /// <summary>How grain records become JSON; the same on both engines.</summary>
    public JsonSerializerOptions SerializerOptions { get; set; } = JsonSerializerOptions.Web;

    /// <summary>The host's own tables, applied after the engine's, in this order.</summary>
    public IReadOnlyList<SchemaScript> SchemaScripts { get; set; } = [];

    /// <summary>Most writes that share one transaction. It bounds how long the first of them waits for the last.</summary>
    [Range(1, 65_536)] public int MaximumBatch { get; set; } = 1_024;

    /// <summary>Most writes that wait for the writer. Further ones are refused, so that a stalled disk is heard of.</summary>
    [Range(1, 1_048_576)] public int MaximumQueuedWrites { get; set; } = 65_536;

    /// <summary>Most reads that run at once, each on a connection of its own.</summary>
    [Range(1, 64)] public int MaximumReaders { get; set; } = 4;

    /// <summary>Most reads that wait for a connection. Further ones are refused.</summary>
    [Range(1, 1_048_576)] public int MaximumQueuedReads { get; set; } = 16_384;

    /// <summary>Page cache of the writer; it grows to this only under load.</summary>
    [Range(1_024, 4_194_304)] public int WriterCacheKibibytes { get; set; } = 32_768;

    /// <summary>Page cache of each reader.</summary>
    [Range(1_024, 4_194_304)] public int ReaderCacheKibibytes { get; set; } = 8_192;

    /// <summary>
    /// Length of the write-ahead log, in pages of 4 KiB, at which it is copied into the file. Longer logs make fewer but
    /// longer pauses: at 4,096 pages the slowest hundredth of writes took three times as long.
    /// </summary>
    [Range(100, 1_000_000)] public int CheckpointPages { get; set; } = 1_000;

    /// <summary>
    /// Largest file that is read through at start: about 0.1 s per 100 MB from memory, and otherwise as fast as the disk
    /// reads. A service with a million orders has to be back within seconds of a crash, and a crash does no damage that
    /// the log does not mend; so a damaged page of a larger file is found when it is read, or by
    /// <see cref="EmbeddedStore.CheckIntegrity"/>.
    /// </summary>
    [Range(0, 1_048_576)] public int IntegrityCheckMaximumMegabytes { get; set; } = 256;

    /// <summary>How often a store that refuses writes tries whether it can write again.</summary>
    [Range(10, 60_000)] public int ProbeIntervalMilliseconds { get; set; } = 1_000;

    /// <summary>Runs on the writer before the n-th COMMIT since the start, n from 1; a test may kill the store here.</summary>
    internal Action<long>? BeforeCommit { get; set; }

    /// <summary>Runs on the writer after the n-th COMMIT and before anybody hears of it.</summary>
    internal Action<long>? AfterCommit { get; set; }
}
