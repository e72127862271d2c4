using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Persistence;

/// <summary>
/// Records that last as long as the object, for tests. What is stored has been through System.Text.Json, as on a disk,
/// and the rows outlive an engine that shares them with the next.
/// </summary>
public sealed class InMemoryGrainStorage(JsonSerializerOptions? json = null) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), Row> rows = new();

    private sealed record Row(byte[]? Payload, long Version)
    {
        public string ETag => Version.ToString(CultureInfo.InvariantCulture);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (rows.TryGetValue((stateName, grainId), out var row) && row.Payload is not null)
        {
            grainState.State = JsonSerializer.Deserialize<T>(row.Payload, json)!;
            grainState.ETag = row.ETag;
            grainState.RecordExists = true;
        }
        else
        {
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = row?.ETag;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Replace(stateName, grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State, json));
        return Task.CompletedTask;
    }

    // The row's version goes on after a clear, so an activation that read it before cannot bring it back.
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Replace(stateName, grainId, grainState, null);
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private void Replace<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        var key = (stateName, grainId);
        var stored = rows.GetValueOrDefault(key);
        var next = new Row(payload, (stored?.Version ?? 0) + 1);
        var replaced = stored?.ETag == grainState.ETag
            && (stored is null ? rows.TryAdd(key, next) : rows.TryUpdate(key, next, stored));
        if (!replaced)
        {
            throw new InconsistentStateException(
                $"Version conflict on '{stateName}' of {grainId}.", rows.GetValueOrDefault(key)?.ETag, grainState.ETag);
        }

        grainState.ETag = next.ETag;
        grainState.RecordExists = payload is not null;
    }
}
