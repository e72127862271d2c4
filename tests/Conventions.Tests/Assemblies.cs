using System.Reflection;

namespace OpenBitum.Conventions;

/// <summary>The assemblies whose conventions are tested, and the root of the sources.</summary>
internal static class Assemblies
{
    public static Assembly Contracts { get; } = typeof(Orders.OrderId).Assembly;

    public static Assembly Grains { get; } = typeof(Outbox.SweeperGrain).Assembly;

    public static string Root { get; } = OpenBitum.Tests.Hosting.Repository.Root;

    /// <summary>Types a person wrote, with what the compiler nested into them left to their outermost type.</summary>
    public static IEnumerable<Type> Written(Assembly assembly) => assembly.GetTypes()
        .Where(type => type.DeclaringType is null && type.Namespace?.StartsWith("OpenBitum.", StringComparison.Ordinal) == true);

    /// <summary>`Orders` for OpenBitum.Orders; null outside of features.</summary>
    public static string? Feature(Type type)
    {
        const string prefix = "OpenBitum.";
        return type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true && IsOurs(type.Assembly)
            ? type.Namespace[prefix.Length..].Split('.')[0]
            : null;
    }

    public static bool HasAttribute(MemberInfo member, string name) => member.CustomAttributes.Any(data => data.AttributeType.Name == name);

    private static bool IsOurs(Assembly assembly) => assembly == Contracts || assembly == Grains;
}
