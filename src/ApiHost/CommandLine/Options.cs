namespace OpenBitum.CommandLine;

/// <summary>
/// `--name value` or `--name=value` pairs of a verb; names that begin with a capital are settings and go to the configuration.
/// </summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private Options()
    {
    }

    /// <summary>What remains for the configuration.</summary>
    public List<string> Settings { get; } = [];

    public bool WantsHelp { get; private set; }

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads the options; the problem is for the person who wrote them.</summary>
    public static bool TryParse(string[] args, IReadOnlyCollection<string> known, out Options options, out string problem)
    {
        options = new Options();
        problem = "";
        for (var index = 0; index < args.Length && problem.Length == 0; index++)
        {
            var (name, value) = Split(args[index]);
            if (name is "--help" or "-h")
            {
                options.WantsHelp = true;
            }
            else if (!name.StartsWith("--", StringComparison.Ordinal) || name.Length < 3)
            {
                problem = $"'{args[index]}' is no option.";
            }
            else if (char.IsUpper(name[2]))
            {
                options.Settings.Add(args[index]);
                if (value is null && index + 1 < args.Length)
                {
                    options.Settings.Add(args[++index]);
                }
            }
            else if (!known.Contains(name[2..]))
            {
                problem = $"There is no option {name}.";
            }
            else if ((value ?? args.ElementAtOrDefault(++index)) is not { } given)
            {
                problem = $"{name} wants a value.";
            }
            else if (!options.values.TryAdd(name[2..], given))
            {
                problem = $"{name} is given twice.";
            }
        }

        return problem.Length == 0;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var separator = argument.IndexOf('=', StringComparison.Ordinal);
        return separator < 0 ? (argument, null) : (argument[..separator], argument[(separator + 1)..]);
    }
}
