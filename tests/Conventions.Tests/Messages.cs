using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace OpenBitum.Conventions;

public sealed class Messages
{
    private static readonly Type[] Plain =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(uint), typeof(Int128), typeof(decimal), typeof(DateTimeOffset), typeof(TimeSpan),
    ];

    private static readonly Type[] ImmutableContainers =
    [
        typeof(ImmutableArray<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableDictionary<,>), typeof(Nullable<>),
    ];

    [Fact]
    public void Messages_are_sealed_immutable_and_named()
    {
        var wrong = Serialized().Where(type => !type.IsEnum).SelectMany(Faults);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Grain_calls_carry_only_messages()
    {
        var wrong =
            from grain in GrainInterfaces()
            from method in grain.GetMethods().Where(method => method.IsAbstract)
            from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(Answer(method.ReturnType))
            where !IsMessage(type)
            select $"{grain.Name}.{method.Name} carries {type}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Grain_interfaces_and_their_methods_are_named()
    {
        var wrong =
            from grain in GrainInterfaces()
            from member in grain.GetMethods().Where(method => method.IsAbstract).Cast<MemberInfo>().Append(grain)
            where !Assemblies.HasAttribute(member, "AliasAttribute") && member.Name != "IPublishes"
            select $"{grain.Name}.{member.Name} has no [Alias]";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_grain_class_has_a_state_name_of_its_own()
    {
        var names = StateNames();

        Assert.NotEmpty(names);
        Assert.Empty(names.GroupBy(name => name.State).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    internal static IEnumerable<Type> Serialized() => Assemblies.Contracts.GetTypes().Concat(Assemblies.Grains.GetTypes())
        .Where(type => Assemblies.HasAttribute(type, "GenerateSerializerAttribute"));

    internal static IEnumerable<Type> GrainInterfaces() => Assemblies.Contracts.GetTypes().Concat(Assemblies.Grains.GetTypes())
        .Where(type => type.IsInterface && type.GetInterfaces().Any(implemented => implemented.Name == "IGrain"));

    internal static List<(Type Grain, string State, Type Stored)> StateNames() =>
    [
        .. from grain in Assemblies.Grains.GetTypes()
           where grain.IsClass && !grain.IsAbstract
           from constructor in grain.GetConstructors()
           from parameter in constructor.GetParameters()
           from data in parameter.CustomAttributes
           where data.AttributeType.Name == "PersistentStateAttribute"
           select (grain, (string)data.ConstructorArguments[0].Value!, parameter.ParameterType.GetGenericArguments()[0]),
    ];

    private static IEnumerable<string> Faults(Type type)
    {
        if (type.IsClass && !type.IsSealed)
        {
            yield return $"{type.Name} is not sealed";
        }

        foreach (var attribute in new[] { "ImmutableAttribute", "AliasAttribute" })
        {
            if (!Assemblies.HasAttribute(type, attribute))
            {
                yield return $"{type.Name} has no [{attribute[..^"Attribute".Length]}]";
            }
        }

        var stored = type.GetProperties().Where(property => property.DeclaringType == type && IsStored(property)).ToList();
        foreach (var property in stored)
        {
            if (!Assemblies.HasAttribute(property, "IdAttribute"))
            {
                yield return $"{type.Name}.{property.Name} has no [Id]";
            }

            if (property.SetMethod is { } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            {
                yield return $"{type.Name}.{property.Name} can be set after construction";
            }

            if (!IsMessage(property.PropertyType))
            {
                yield return $"{type.Name}.{property.Name} is a {property.PropertyType}, which is no message";
            }
        }

        foreach (var twice in stored.Select(IdOf).OfType<uint>().GroupBy(id => id).Where(group => group.Count() > 1))
        {
            yield return $"{type.Name} uses [Id({twice.Key})] twice";
        }
    }

    internal static uint? IdOf(PropertyInfo property) =>
        property.CustomAttributes.FirstOrDefault(data => data.AttributeType.Name == "IdAttribute")?.ConstructorArguments[0].Value as uint?;

    /// <summary>A property that has a field behind it.</summary>
    internal static bool IsStored(PropertyInfo property) =>
        property.GetMethod is { IsStatic: false } && property.DeclaringType!.GetField(
            $"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static bool IsMessage(Type type)
    {
        if (type.IsGenericParameter || Plain.Contains(type) || type == typeof(void) || type == typeof(CancellationToken) || type.IsEnum)
        {
            return true;
        }

        if (type.IsGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            // A tuple has no name to be versioned by, and between processes its type is refused.
            var isKnown = ImmutableContainers.Contains(definition)
                || Assemblies.HasAttribute(definition, "GenerateSerializerAttribute");
            return isKnown && type.GetGenericArguments().All(IsMessage);
        }

        // A tick's facts are the runtime's own message.
        return Assemblies.HasAttribute(type, "GenerateSerializerAttribute") || type.Name == "TickStatus";
    }

    private static Type Answer(Type returned) =>
        returned.IsGenericType ? returned.GetGenericArguments()[0] : typeof(void);
}
