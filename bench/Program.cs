using OpenBitum.Bench;

if (args is [BareKestrel.Verb, var url])
{
    await BareKestrel.Run(url);
    return 0;
}

var sections = new (string Name, Func<Task<IReadOnlyList<Row>>> Run)[]
{
    ("http", HttpBench.Run),
    ("calls", GrainCallBench.Run),
    ("storage", StorageBench.Run),
    ("matching", MatchingBench.Run),
    ("keys", DerivationBench.Run),
    ("webhooks", DeliveryBench.Run),
    ("rebuild", RebuildBench.Run),
};

if (args is ["--help" or "-h", ..] || args.Except(sections.Select(section => section.Name)).Any())
{
    Console.WriteLine($"""
        Measures the figures of the design, each beside a reference of the same run.

          dotnet run -c Release --project bench            all of it
          dotnet run -c Release --project bench NAME ...   only these: {string.Join(", ", sections.Select(section => section.Name))}
        """);
    return args is ["--help" or "-h", ..] ? 0 : 2;
}

var rows = new List<Row>();
foreach (var (name, run) in sections.Where(section => args.Length == 0 || args.Contains(section.Name)))
{
    Console.Error.WriteLine($"{name} ...");
    rows.AddRange(await run());
}

Console.WriteLine("| figure | what | measured | reference | ratio |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var row in rows)
{
    Console.WriteLine($"| {row.Figure} | {row.What} | {row.Measured} | {row.Reference} | {row.Ratio} |");
}

return 0;
