using OpenBitum.Tests.Hosting;

namespace OpenBitum.ReadModel;

/// <summary>A database with the schema of the program, for one fact.</summary>
public interface ITestedDatabase : IAsyncDisposable
{
    IDatabase Database { get; }

    /// <summary>Makes it, or skips the test with the reason.</summary>
    Task Open();
}

/// <summary>On a real server, whose order of text is a language's.</summary>
public sealed class Postgres : ITestedDatabase
{
    private TestDatabase? database;

    public IDatabase Database => database!.ReadModel;

    public async Task Open()
    {
        Assert.SkipWhen(TestDatabase.Missing is not null, TestDatabase.Missing ?? "");
        database = await TestDatabase.Create(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
