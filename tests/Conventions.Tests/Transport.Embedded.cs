using System.Text.Json;

namespace OpenBitum.Conventions;

/// <summary>The engine's own way between a caller and a grain of another process.</summary>
internal sealed class Transport
{
    private readonly JsonSerializerOptions options = new EmbeddedGrainOptions().MessageSerializer;

    public object? Carry(object? message, Type type) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(message, type, options), type, options);
}
