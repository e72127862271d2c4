using System.Xml.Linq;
using Xunit;

namespace OpenBitum.Conventions;

public sealed class DependencyOrder
{
    /// <summary>Which projects each may reference; what is missing here may reference nothing of ours.</summary>
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Orleans.Embedded"] = [],
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Silo"] = ["Grains"],
        ["ApiHost"] = ["Silo"],
        ["Hosting"] = ["Silo"],
        ["Bench"] = ["ApiHost", "Hosting"],
    };

    /// <summary>
    /// Ground floor first: a feature uses what stands before it. Checkout prices what Orders opens, so it stands below; Chains never
    /// names Orders, it owns the listener contract that an order implements.
    /// </summary>
    private static readonly string[] Ground = ["Ids", "Json", "Time", "Problems", "Branding", "Money", "Access", "Settings", "Outbox", "ReadModel"];

    private static readonly Dictionary<string, string[]> Features = new()
    {
        ["Webhooks"] = [],
        ["Catalog"] = [],
        ["Chains"] = [],
        ["Wallets"] = ["Chains"],
        ["Site"] = ["Chains"],
        ["Shop"] = [],
        ["Customers"] = [],
        ["Entitlements"] = ["Catalog", "Customers", "Orders"],
        ["Checkout"] = ["Catalog", "Wallets", "Chains"],
        ["Orders"] = ["Webhooks", "Catalog", "Wallets", "Chains", "Customers", "Entitlements", "Checkout", "Site", "Shop"],
        ["Analytics"] = ["Checkout", "Site"],
        ["Idempotency"] = [],
    };

    [Fact]
    public void Projects_reference_only_what_stands_below_them()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Assemblies.Root, "*.csproj", SearchOption.AllDirectories)
            let project = Path.GetFileNameWithoutExtension(file)
            where !project.EndsWith(".Tests", StringComparison.Ordinal)
            from reference in XDocument.Load(file).Descendants("ProjectReference")
            let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
            where !Projects.GetValueOrDefault(project, []).Contains(target)
            select $"{project} -> {target}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Features_know_only_the_features_below_them()
    {
        var wrong =
            from assembly in new[] { Assemblies.Contracts, Assemblies.Grains }
            from type in Assemblies.Written(assembly)
            let feature = Assemblies.Feature(type)
            where !Ground.Contains(feature)
            from used in TypeUse.Of(type)
            let other = Assemblies.Feature(used)
            where other is not null && other != feature && !Ground.Contains(other)
            where !Features.GetValueOrDefault(feature, []).Contains(other) && !IsId(used)
            select $"{type.FullName} names {used.FullName}";

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_feature_folder_holds_the_namespace_of_its_name()
    {
        var wrong =
            from project in new[] { "Grains.Interfaces", "Grains" }
            from folder in Directory.EnumerateDirectories(Path.Combine(Assemblies.Root, "src", project))
            let feature = Path.GetFileName(folder)
            where feature is not ("bin" or "obj")
            from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            where !File.ReadLines(file).Contains($"namespace OpenBitum.{feature};")
            select file;

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_feature_has_its_place_in_the_order()
    {
        var features = Assemblies.Written(Assemblies.Contracts).Concat(Assemblies.Written(Assemblies.Grains))
            .Select(Assemblies.Feature).OfType<string>().Distinct();

        Assert.Empty(features.Except(Ground).Except(Features.Keys));
    }

    /// <summary>An id of another feature says nothing about it: whoever keeps one need not know what it names.</summary>
    private static bool IsId(Type type) =>
        type.GetInterfaces().Any(implemented => implemented.Name.StartsWith("IId`", StringComparison.Ordinal));
}
