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
        batch.BatchCommands.Add(new("select set_config('app.user_id', $1, true)")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = userId.ToString() } },
        });
        return batch;
    }
}
