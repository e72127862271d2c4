using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit;

namespace OpenBitum.ReadModel;

public sealed class SqlSessionTests
{
    [Fact]
    public async Task However_many_statements_a_connection_has_seen_it_keeps_a_bounded_number_and_answers_each()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        using var session = new SqlSession(connection, namesParameters: true);

        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number <= SqlSession.MostPrepared; number++)
            {
                var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {number} + $1");

                Assert.Equal(number + 1_000L, await session.First(sql, reader => reader.GetInt64(0), 1_000L));
                Assert.Equal(number + 7L, await session.First(sql, reader => reader.GetInt64(0), 7L));
                Assert.InRange(session.PreparedCount, 1, SqlSession.MostPrepared);
            }
        }
    }
}
