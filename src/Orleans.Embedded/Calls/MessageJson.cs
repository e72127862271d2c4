using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Calls;

/// <summary>
/// Messages as a transport between processes carries them: exactly the members that have an [Id], without running a constructor,
/// and whatever the type says about its form in JSON, which is meant for people and stores. A member without one arrives empty.
/// </summary>
internal sealed class MessageJson : JsonConverterFactory
{
    public static JsonSerializerOptions Options { get; } = new() { Converters = { new MessageJson() } };

    public override bool CanConvert(Type typeToConvert) =>
        !typeToConvert.IsEnum && (typeToConvert.IsDefined(typeof(GenerateSerializerAttribute)) || IsArray(typeToConvert));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var converter = IsArray(typeToConvert)
            ? typeof(ArrayConverter<>).MakeGenericType(typeToConvert.GetGenericArguments())
            : typeof(MessageConverter<>).MakeGenericType(typeToConvert);
        return (JsonConverter)Activator.CreateInstance(converter)!;
    }

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private sealed class MessageConverter<T> : JsonConverter<T>
    {
        private readonly Dictionary<string, FieldInfo> members = typeof(T)
            .GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => member.IsDefined(typeof(IdAttribute)))
            .ToDictionary(member => $"{member.GetCustomAttribute<IdAttribute>()!.Id}", FieldOf);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var message = RuntimeHelpers.GetUninitializedObject(typeof(T));
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = members[reader.GetString()!];
                reader.Read();
                member.SetValue(message, JsonSerializer.Deserialize(ref reader, member.FieldType, options));
            }

            return (T)message;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (id, member) in members)
            {
                writer.WritePropertyName(id);
                JsonSerializer.Serialize(writer, member.GetValue(value), member.FieldType, options);
            }

            writer.WriteEndObject();
        }

        private static FieldInfo FieldOf(MemberInfo member) =>
            member as FieldInfo
            ?? member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new NotSupportedException($"{member.DeclaringType}.{member.Name} has an [Id] and no field.");
    }

    /// <summary>Unlike the platform's, it takes an array that was never made: what a partial update leaves alone has one.</summary>
    private sealed class ArrayConverter<T> : JsonConverter<ImmutableArray<T>>
    {
        public override bool HandleNull => true;

        public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ImmutableCollectionsMarshal.AsImmutableArray(JsonSerializer.Deserialize<T[]>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, ImmutableCollectionsMarshal.AsArray(value), options);
    }
}
