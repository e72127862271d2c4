using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Conventions;

/// <summary>
/// What is said between grains, and what they store, comes back as it went, in each of its members. The values are made for every field
/// that a type has, so a member that somebody adds and forgets to number, or to make settable, is found here.
/// </summary>
public sealed class RoundTrips
{
    private const int Seeds = 40;

    [Fact]
    public void Every_message_arrives_as_it_was_sent()
    {
        var transport = new Transport();

        AssertNone(Differences(Messages(), stored: false, transport.Carry));
    }

    [Fact]
    public void Every_stored_state_is_read_as_it_was_written()
    {
        var states = Conventions.Messages.StateNames().Select(name => name.Stored).Distinct().ToList();

        Assert.NotEmpty(states);
        AssertNone(Differences(states, stored: true, Store));
    }

    /// <summary>Rows of the read model keep views in the form of the storage; what a view leaves out there, columns keep.</summary>
    [Fact]
    public void Every_view_is_read_from_its_row_as_it_was_written()
    {
        var views = Messages().Where(type => type.Name.EndsWith("View", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(views);
        AssertNone(Differences(views, stored: true, Store, IsNeverWritten));
    }

    [Fact]
    public void Every_member_is_tried_with_more_than_one_value()
    {
        var untried =
            from type in Reachable([.. Messages(), .. Conventions.Messages.StateNames().Select(name => name.Stored)])
            where Generated.IsOurs(type) && !type.IsEnum
            let made = Enumerable.Range(0, Seeds).Select(seed => new Generated(seed, stored: true).Value(type)).ToList()
            from field in Generated.Fields(type)
            where made.Select(field.GetValue).Distinct().Count() < 2
            select $"{type.Name}.{Generated.PropertyOf(field)?.Name ?? field.Name}";

        AssertNone(untried);
    }

    [Fact]
    public void Every_generic_message_is_tried_with_what_it_is_made_of()
    {
        var used = Messages().Where(type => type.IsGenericType).Select(type => type.GetGenericTypeDefinition());

        Assert.Empty(Conventions.Messages.Serialized().Where(type => type.IsGenericTypeDefinition).Except(used));
    }

    private static void AssertNone(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static IEnumerable<string> Differences(
        IEnumerable<Type> types, bool stored, Func<object?, Type, object?> carry, Func<FieldInfo, bool>? isLeftOut = null) =>
        from type in types
        from seed in Enumerable.Range(0, Seeds)
        let difference = Difference(type, seed, stored, carry, isLeftOut)
        where difference is not null
        group $"seed {seed}: {difference}" by type into ofType
        select $"{ofType.Key}, {ofType.First()}";

    private static string? Difference(
        Type type, int seed, bool stored, Func<object?, Type, object?> carry, Func<FieldInfo, bool>? isLeftOut)
    {
        var value = new Generated(seed, stored).Value(type);
        try
        {
            return Compared.Difference(value, carry(value, type), isLeftOut);
        }
        catch (Exception failure)
        {
            // A way that refuses a message fails its caller, whatever it throws.
            return failure.Message;
        }
    }

    private static object? Store(object? value, Type type) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, type, WireJson.Options), type, WireJson.Options);

    private static bool IsNeverWritten(FieldInfo field) =>
        Generated.PropertyOf(field)?.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Always;

    /// <summary>All that calls carry, generic types with what they are made of in some call.</summary>
    private static List<Type> Messages()
    {
        var carried =
            from grain in Conventions.Messages.GrainInterfaces()
            from method in grain.GetMethods().Where(method => method.IsAbstract)
            from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            select type;
        var named = Conventions.Messages.Serialized().Where(type => !type.IsGenericTypeDefinition);
        return [.. Reachable([.. carried, .. named]).Where(type => Assemblies.HasAttribute(type, "GenerateSerializerAttribute"))];
    }

    private static HashSet<Type> Reachable(IEnumerable<Type> types)
    {
        var found = new HashSet<Type>();
        var left = new Queue<Type>(types);
        while (left.TryDequeue(out var type))
        {
            if (!found.Add(type))
            {
                continue;
            }

            foreach (var argument in type.GetGenericArguments())
            {
                left.Enqueue(argument);
            }

            foreach (var field in Generated.IsOurs(type) && !type.IsEnum ? Generated.Fields(type) : [])
            {
                left.Enqueue(field.FieldType);
            }
        }

        return found;
    }
}
