namespace OpenBitum.ReadModel;

/// <summary>The numbered scripts of this folder, each applied once, in the order of their names.</summary>
public static class SchemaScripts
{
    private const string Folder = "OpenBitum.ReadModel.Schema.";

    public static IReadOnlyList<(string Name, string Sql)> All { get; } = Load();

    private static List<(string Name, string Sql)> Load()
    {
        var assembly = typeof(SchemaScripts).Assembly;
        var scripts = new List<(string Name, string Sql)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add((resource[Folder.Length..^".sql".Length], reader.ReadToEnd()));
        }

        scripts.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return scripts;
    }
}
