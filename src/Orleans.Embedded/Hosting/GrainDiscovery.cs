using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Finds the grain classes of this process.</summary>
internal static class GrainDiscovery
{
    public static IEnumerable<Type> FindGrainClasses()
    {
        var engine = typeof(GrainDiscovery).Assembly.GetName().Name;
        return Assemblies()
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == engine))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                && type.IsAssignableTo(typeof(IGrain))
                && !type.IsAssignableTo(typeof(GrainReference)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
    }

    // An assembly may be referenced and not yet loaded. Those of the platform reference no grain.
    private static HashSet<Assembly> Assemblies()
    {
        var found = new HashSet<Assembly>();
        var open = new Stack<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
        while (open.TryPop(out var assembly))
        {
            if (!found.Add(assembly))
            {
                continue;
            }

            foreach (var reference in assembly.GetReferencedAssemblies().Where(IsOurs))
            {
                if (Load(reference) is { } loaded)
                {
                    open.Push(loaded);
                }
            }
        }

        return found;
    }

    // What is referenced but not deployed, such as a tool of the build, has no grains here.
    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsOurs(AssemblyName name) => name.Name is { } text
        && !text.StartsWith("System", StringComparison.Ordinal)
        && !text.StartsWith("Microsoft.", StringComparison.Ordinal)
        && !text.StartsWith("xunit", StringComparison.Ordinal)
        && text is not ("netstandard" or "mscorlib" or "WindowsBase");
}
