using OpenBitum.Access;
using OpenBitum.Ids;

namespace OpenBitum.ReadModel;

/// <summary>Facts of the read model that hold on every database.</summary>
public abstract class ReadModelFacts<TDatabase> : IAsyncLifetime
    where TDatabase : ITestedDatabase, new()
{
    protected static readonly MerchantId Ours = new("ours");
    protected static readonly MerchantId Theirs = new("Theirs_2");
    protected static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TDatabase tested = new();

    protected IDatabase Database => tested.Database;

    public async ValueTask InitializeAsync() => await tested.Open();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return tested.DisposeAsync();
    }

    /// <summary>The ULID of a number: as the number grows, so does the text, through digits and letters alike.</summary>
    protected static string Id(string prefix, int number) => prefix + Ulid.Derive($"{number}", Now.AddMilliseconds(number));

    protected Task Write(Func<SqlSession, Task> work) => Database.Write(async session =>
    {
        await work(session);
        return true;
    });

    protected Task<T> Read<T>(Func<SqlSession, Task<T>> query) => Database.Read(query);

    protected Task<long> Count(string sql) => Read(session => session.First(sql, reader => reader.GetInt64(0)));

    /// <summary>Follows the cursors from the first page to the last.</summary>
    protected static async Task<List<T>> Pages<T>(int limit, Func<PageRequest, Task<Page<T>>> list, Func<Task>? between = null)
    {
        var rows = new List<T>();
        Cursor? after = null;
        while (true)
        {
            var page = await list(new PageRequest(limit, after));
            Assert.True(page.Data.Length <= limit);
            rows.AddRange(page.Data);
            if (page.NextCursor is null)
            {
                return rows;
            }

            Assert.Equal(limit, page.Data.Length);
            Assert.True(Cursor.TryParse(page.NextCursor, out after));
            await (between?.Invoke() ?? Task.CompletedTask);
        }
    }
}
