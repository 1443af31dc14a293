using Npgsql;

namespace CallAgent;

/// <summary>How statements that do not go by EF Core are told to PostgreSQL to be a user's.</summary>
internal static class PostgresTenant
{
    /// <summary>
    /// A batch that begins by naming the user, for this batch alone. It is one message and one transaction, so that
    /// row-level security holds for all that follows. The first result is the setting's: skip it.
    /// </summary>
    public static NpgsqlBatch BatchOf(this NpgsqlDataSource source, Guid userId)
    {
        var batch = source.CreateBatch();
        batch.Add("select set_config('app.user_id', $1, true)", Value(userId.ToString()));
        return batch;
    }

    /// <summary>One more statement, with its values by their place.</summary>
    public static void Add(this NpgsqlBatch batch, string statement, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var value in values)
        {
            command.Parameters.Add(value);
        }
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
