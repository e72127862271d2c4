using System.Reflection;
using System.Text.Json.Serialization;
using Xunit;

namespace OpenBitum.Conventions;

/// <summary>
/// What is written to disk or sent between processes of two versions: aliases, ids and stored field names. The list is checked in, so
/// that a removed or renumbered one is seen. A line may be added; one that is gone needs a migration first.
/// </summary>
public sealed class StoredForm
{
    private static readonly string ListFile = Path.Combine(Assemblies.Root, "tests", "Conventions.Tests", "stored-form.txt");

    [Fact]
    public void Nothing_stored_is_removed_renamed_or_renumbered_unseen()
    {
        var actual = Lines().Distinct().Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("ACCEPT_STORED_FORM") == "1")
        {
            File.WriteAllLines(ListFile, actual);
        }

        var expected = File.ReadAllLines(ListFile);

        Assert.True(
            expected.SequenceEqual(actual),
            $"""
            gone: {string.Join("; ", expected.Except(actual))}
            new: {string.Join("; ", actual.Except(expected))}
            New lines are added by running this test with ACCEPT_STORED_FORM=1; gone ones break what is stored already.
            """);
    }

    private static IEnumerable<string> Lines()
    {
        foreach (var type in Messages.Serialized())
        {
            yield return $"alias {AliasOf(type)} = {type.Name}";
            foreach (var property in type.GetProperties().Where(Messages.IsStored))
            {
                yield return $"id {AliasOf(type)} {Messages.IdOf(property)} = {property.Name}";
            }
        }

        foreach (var grain in Messages.GrainInterfaces())
        {
            foreach (var method in grain.GetMethods().Where(method => method.IsAbstract))
            {
                yield return $"call {AliasOf(grain)}.{AliasOf(method)}";
            }
        }

        foreach (var (_, state, stored) in Messages.StateNames())
        {
            foreach (var field in Fields(stored, [], ""))
            {
                yield return $"state {state}{field}";
            }
        }
    }

    private static IEnumerable<string> Fields(Type type, HashSet<Type> above, string path)
    {
        foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
        {
            if (!HasFields(type))
            {
                foreach (var field in Fields(argument, above, path + "[]"))
                {
                    yield return field;
                }
            }
        }

        if (!HasFields(type) || !above.Add(type))
        {
            yield break;
        }

        foreach (var property in type.GetProperties())
        {
            if (!Messages.IsStored(property) || property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is JsonIgnoreCondition.Always)
            {
                continue;
            }

            var name = $"{path}.{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}";
            yield return name;
            foreach (var field in Fields(property.PropertyType, above, name))
            {
                yield return field;
            }
        }

        above.Remove(type);
    }

    private static bool HasFields(Type type) => Assemblies.Feature(type) is not null && !type.IsEnum
        && !Assemblies.HasAttribute(type, nameof(JsonConverterAttribute));

    private static string AliasOf(MemberInfo member) =>
        member.CustomAttributes.FirstOrDefault(data => data.AttributeType.Name == "AliasAttribute")?.ConstructorArguments[0].Value as string
        ?? member.Name;
}
