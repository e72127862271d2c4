using System.Reflection;
using Xunit;

namespace OpenBitum.Conventions;

public sealed class PureRules
{
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    [Fact]
    public void There_are_types_that_decide() => Assert.NotEmpty(Deciding());

    [Fact]
    public void Types_that_decide_name_no_runtime_clock_or_logger()
    {
        var wrong =
            from type in Deciding()
            from used in TypeUse.Of(type)
            where IsImpure(used)
            select $"{type.FullName} names {used.FullName}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Grain_projects_hold_no_floating_point()
    {
        var wrong =
            from assembly in new[] { Assemblies.Contracts, Assemblies.Grains }
            from type in Assemblies.Written(assembly)
            from used in TypeUse.Of(type)
            where used == typeof(double) || used == typeof(float) || used == typeof(Half)
            select type.FullName;

        Assert.Empty(wrong.Distinct());
    }

    private static List<Type> Deciding() =>
        [.. Assemblies.Written(Assemblies.Grains).Where(type => type.GetMethods(Static).Any(method => method.Name == "Decide"))];

    private static bool IsImpure(Type type) =>
        type == typeof(TimeProvider)
        || type.Namespace?.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal) == true
        || (type.Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true && !type.IsSubclassOf(typeof(Attribute)));
}
