namespace OpenBitum.Silo;

/// <summary>Section `Data`.</summary>
public sealed record DataOptions
{
    /// <summary>Where the instance keeps its file and its secrets; created when missing.</summary>
    public string Directory { get; init; } = "./data";
}

/// <summary>Section `Database`.</summary>
public sealed record DatabaseOptions
{
    /// <summary>PostgreSQL.</summary>
    [OpenBitum.Settings.Secret]
    public string? ConnectionString { get; init; }
}
