using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Persistence;

/// <summary>
/// Records that last as long as the object, for tests. As in the real stores, a record has been through
/// System.Text.Json and is found by its state name and the grain's key, whatever the grain's class.
/// </summary>
public sealed class InMemoryGrainStorage(JsonSerializerOptions? json = null) : IGrainStorage
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string StateName, string Key), (byte[] Payload, string ETag)> records = [];
    private long version;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (gate)
        {
            grainState.RecordExists = records.TryGetValue((stateName, grainId.Key), out var record);
            grainState.ETag = record.ETag;
            grainState.State = grainState.RecordExists
                ? JsonSerializer.Deserialize<T>(record.Payload, json)!
                : Activator.CreateInstance<T>();
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(grainState.State, json);
        lock (gate)
        {
            CheckETag(stateName, grainId, grainState.ETag);

            // Versions are never used twice, so an activation that read before a clear cannot match what came after it.
            grainState.ETag = (++version).ToString(CultureInfo.InvariantCulture);
            records[(stateName, grainId.Key)] = (payload, grainState.ETag);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (gate)
        {
            CheckETag(stateName, grainId, grainState.ETag);
            records.Remove((stateName, grainId.Key));
            grainState.ETag = null;
            grainState.RecordExists = false;
            grainState.State = Activator.CreateInstance<T>();
        }

        return Task.CompletedTask;
    }

    private void CheckETag(string stateName, GrainId grainId, string? expected)
    {
        var stored = records.TryGetValue((stateName, grainId.Key), out var record) ? record.ETag : null;
        if (stored != expected)
        {
            throw new InconsistentStateException($"Version conflict on '{stateName}' of {grainId}.", stored, expected);
        }
    }
}
