using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// Grain records as rows of JSON. Serialization runs on the grain's own turn; the writer only executes, and compares the
/// ETag within the transaction that changes the row.
/// </summary>
internal sealed class EmbeddedGrainStorage(EmbeddedStore store, EmbeddedStoreOptions options, TimeProvider time)
    : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var read = new ReadRecord(stateName, grainId.Key, options.SerializerOptions);
        var record = await store.ReadPoint(read, static (connection, read) => Read<T>(connection, read));
        grainState.State = record.Etag is null ? Activator.CreateInstance<T>() : record.State!;
        grainState.ETag = record.Etag;
        grainState.RecordExists = record.Etag is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(grainState.State, options.SerializerOptions);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var write = new WriteRecord(stateName, grainId.Key, grainState.ETag, payload, now);
        var outcome = await store.Write(write, static (connection, write) => Write(connection, write));
        ThrowIfStale(outcome, stateName, grainId, grainState.ETag);
        grainState.ETag = outcome.Etag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var clear = new WriteRecord(stateName, grainId.Key, grainState.ETag, [], 0);
        var outcome = await store.Write(clear, static (connection, clear) => Clear(connection, clear));
        ThrowIfStale(outcome, stateName, grainId, grainState.ETag);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static Record<T> Read<T>(StoreConnection connection, ReadRecord read)
    {
        var statement = connection
            .Statement("SELECT etag, payload FROM grain_state WHERE state_name = ?1 AND grain_key = ?2")
            .Bind(1, read.StateName)
            .Bind(2, read.GrainKey);
        if (!statement.Step()) return default;

        try
        {
            var state = JsonSerializer.Deserialize<T>(statement.Utf8(1), read.SerializerOptions);
            return new Record<T>(state, Text(statement.Int64(0)));
        }
        finally
        {
            statement.Reset();
        }
    }

    private static Outcome Write(StoreConnection connection, WriteRecord write)
    {
        var etag = connection.NextEtag();
        var changed = write.Etag is null
            ? connection
                .Statement(
                    """
                    INSERT INTO grain_state (state_name, grain_key, etag, payload, modified_at) VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT (state_name, grain_key) DO NOTHING
                    """)
                .Bind(1, write.StateName)
                .Bind(2, write.GrainKey)
                .Bind(3, etag)
                .BindUtf8(4, write.Payload)
                .Bind(5, write.ModifiedAt)
                .Run()
            : connection
                .Statement(
                    """
                    UPDATE grain_state SET etag = ?3, payload = ?4, modified_at = ?5
                    WHERE state_name = ?1 AND grain_key = ?2 AND etag = ?6
                    """)
                .Bind(1, write.StateName)
                .Bind(2, write.GrainKey)
                .Bind(3, etag)
                .BindUtf8(4, write.Payload)
                .Bind(5, write.ModifiedAt)
                .Bind(6, Number(write.Etag))
                .Run();
        return changed == 1 ? new Outcome(IsStale: false, Text(etag)) : Stale(connection, write);
    }

    private static Outcome Clear(StoreConnection connection, WriteRecord clear)
    {
        var changed = clear.Etag is null
            ? 0
            : connection
                .Statement("DELETE FROM grain_state WHERE state_name = ?1 AND grain_key = ?2 AND etag = ?3")
                .Bind(1, clear.StateName)
                .Bind(2, clear.GrainKey)
                .Bind(3, Number(clear.Etag))
                .Run();
        if (changed == 1) return new Outcome(IsStale: false, Etag: null);

        // Clearing what was never there is no conflict.
        var outcome = Stale(connection, clear);
        return outcome.Etag == clear.Etag ? outcome with { IsStale = false } : outcome;
    }

    private static Outcome Stale(StoreConnection connection, WriteRecord write)
    {
        var statement = connection
            .Statement("SELECT etag FROM grain_state WHERE state_name = ?1 AND grain_key = ?2")
            .Bind(1, write.StateName)
            .Bind(2, write.GrainKey);
        if (!statement.Step()) return new Outcome(IsStale: true, Etag: null);

        var stored = statement.Int64(0);
        statement.Reset();
        return new Outcome(IsStale: true, Text(stored));
    }

    private static void ThrowIfStale(Outcome outcome, string stateName, GrainId grainId, string? etag)
    {
        if (!outcome.IsStale) return;

        throw new InconsistentStateException(
            $"Somebody else has written '{stateName}' of {grainId} since it was read.", outcome.Etag, etag);
    }

    private static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    // An ETag that this store never gave out matches no row.
    private static long Number(string etag)
        => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private readonly record struct ReadRecord(string StateName, string GrainKey, JsonSerializerOptions SerializerOptions);

    private readonly record struct Record<T>(T? State, string? Etag);

    private readonly record struct WriteRecord(
        string StateName, string GrainKey, string? Etag, byte[] Payload, long ModifiedAt);

    /// <param name="Etag">The new one; if stale, that of the file.</param>
    private readonly record struct Outcome(bool IsStale, string? Etag);
}
