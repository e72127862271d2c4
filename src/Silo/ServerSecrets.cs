using System.Data.Common;
using OpenBitum.Access;

namespace OpenBitum.Silo;

/// <summary>Secrets as rows of the database that all processes of the instance share.</summary>
internal sealed class ServerSecrets(DbDataSource source) : ISecretStore
{
    public string Keep(string name, Func<string> make)
    {
        using var connection = source.OpenConnection();
        if (Find(connection, name) is { } known)
        {
            return known;
        }

        using var insert = Command(
            connection, "INSERT INTO instance_secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, make());
        insert.ExecuteNonQuery();
        return Find(connection, name) ?? throw new InvalidOperationException($"The secret {name} was not stored.");
    }

    private static string? Find(DbConnection connection, string name)
    {
        using var select = Command(connection, "SELECT value FROM instance_secrets WHERE name = $1", name);
        return select.ExecuteScalar() as string;
    }

    private static DbCommand Command(DbConnection connection, string sql, params string[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
