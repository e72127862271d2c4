namespace OpenBitum.Bench;

/// <summary>F9 is a figure of the embedded engine; here PostgreSQL stores, and its own tools measure it.</summary>
internal static class StorageBench
{
    public static Task<IReadOnlyList<Row>> Run() => Task.FromResult<IReadOnlyList<Row>>([]);
}
