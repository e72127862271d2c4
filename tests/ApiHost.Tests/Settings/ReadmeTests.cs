using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Settings;

/// <summary>The README's tables, against what the host has.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_API_table_names_every_path_of_the_document_and_no_other()
    {
        var paths = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "openapi.json")))!["paths"]!.AsObject();
        var known = paths.ToDictionary(
            path => Parameter().Replace(path.Key, ":$1"), path => path.Value!.AsObject().Select(operation => operation.Key.ToUpperInvariant()).ToHashSet());

        var named = Named(Section("## API")).ToList();

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, one => !known.TryGetValue(one.Path, out var methods) || one.Methods.Except(methods).Any());

        // One of a list goes without saying where the list is named.
        var said = named.Select(one => one.Path).ToHashSet();
        Assert.DoesNotContain(
            known.Keys, path => !said.Contains(path) && !(path.EndsWith("/:id", StringComparison.Ordinal) && said.Contains(path[..^"/:id".Length])));
    }

    [Fact]
    public void The_configuration_table_names_settings_of_the_sample()
    {
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "docker", "appsettings.sample.json"));
        var keys = Section("## Configuration").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Code().Matches(line.Split('|')[1])).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(keys);
        Assert.DoesNotContain(
            keys.SelectMany(key => key.Split(':', StringSplitOptions.RemoveEmptyEntries)),
            part => part is not ("0" or "LTC") && !sample.Contains($"\"{part}\"", StringComparison.Ordinal));
    }

    /// <summary>`GET /api/products`, then `/:id` below it and `/mine` beside it, as a reader takes them.</summary>
    private static IEnumerable<(string Path, string[] Methods)> Named(string section)
    {
        var last = "";
        foreach (var code in section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).SelectMany(line => Code().Matches(line)))
        {
            var words = code.Groups[1].Value.Split(' ', ',').Where(word => word.Length > 0).ToArray();
            var methods = words.Where(word => word.All(char.IsAsciiLetterUpper)).ToArray();
            if (words.Length != methods.Length + 1 || words[^1][0] != '/')
            {
                continue;
            }

            var path = words[^1].Split('?')[0];
            var isBelow = path.StartsWith("/:", StringComparison.Ordinal);
            var isBeside = !isBelow && path.Count(letter => letter == '/') == 1 && last.StartsWith("/api/sandbox/", StringComparison.Ordinal)
                && !path.StartsWith("/sign-in", StringComparison.Ordinal);
            yield return (isBelow ? last + path : isBeside ? last[..last.LastIndexOf('/')] + path : path, methods);
            last = isBelow ? last : isBeside ? last : path;
        }
    }

    private static string Section(string heading)
    {
        var start = Readme.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The README has no '{heading}'.");
        var end = Readme.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Readme[start..end];
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
