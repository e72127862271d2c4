using OpenBitum.Silo;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.ReadModel;

/// <summary>How a server comes to the schema of the program, or is refused.</summary>
public sealed class ServerSchemaTests : IAsyncLifetime
{
    private static readonly (string Name, string Sql)[] Two = [("001-a", "CREATE TABLE a (id TEXT);"), ("002-b", "CREATE TABLE b (id TEXT);")];

    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestDatabase.Missing is not null, TestDatabase.Missing ?? "");
        database = await TestDatabase.CreateEmpty(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Processes_that_start_together_apply_each_script_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ServerSchema.Apply(database.Source, TestContext.Current.CancellationToken)));
        await ServerSchema.Apply(database.Source, TestContext.Current.CancellationToken);

        Assert.True(await Count("SELECT COUNT(*) FROM schema_scripts") > 10);
        Assert.Equal(0, await Count(
            """
            SELECT COUNT(*) FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'
                AND c.table_name NOT LIKE 'orleans%' AND c.table_name NOT IN ('schema_scripts', 'instance_secrets')
            """));
    }

    [Fact]
    public async Task A_script_that_is_new_and_last_is_added()
    {
        await Apply(Two[..1]);
        await Apply(Two);
        await Apply(Two.Select(script => (script.Name, script.Sql.Replace(";", ";\r\n", StringComparison.Ordinal))).ToArray());

        Assert.Equal(0, await Count("SELECT COUNT(*) FROM b"));
    }

    [Fact]
    public async Task A_script_that_has_changed_is_refused_and_nothing_is_applied()
    {
        await Apply(Two[..1]);

        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => Apply(("001-a", "CREATE TABLE a (id BIGINT);"), Two[1]));

        Assert.Contains("'001-a' has changed since version ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Count("SELECT COUNT(*) FROM schema_scripts"));
    }

    [Fact]
    public async Task A_database_of_a_later_program_is_refused()
    {
        await Apply(Two);

        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => Apply(Two[..1]));

        Assert.Contains("has brought it to schema script '002-b'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_comes_in_before_one_that_is_there_is_refused()
    {
        await Apply(Two[1]);

        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => Apply(Two));

        Assert.Contains("'001-a' stands before '002-b'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Count("SELECT COUNT(*) FROM schema_scripts"));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself()
    {
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Apply(Two[0], ("002-b", "CREATE TABLE b (id TEXT); SELECT nonsense;")));

        Assert.Equal(1, await Count("SELECT COUNT(*) FROM schema_scripts"));
        await Apply(Two);
    }

    private Task Apply(params (string Name, string Sql)[] scripts) =>
        ServerSchema.Apply(database.Source, [scripts], TestContext.Current.CancellationToken);

    private async Task<long> Count(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
