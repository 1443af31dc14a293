using Npgsql;

namespace CallAgent.Bench;

/// <summary>Which large tables of the users PostgreSQL has read from one end to the other, by its own statistics.</summary>
internal static class WholeReads
{
    // A small table is best read as a whole.
    private const int Large = 10_000;

    // A connection tells its figures after a second of work, or after ten of rest.
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(12);

    /// <summary>How often each large table was read as a whole while something was done.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> DuringAsync(NpgsqlDataSource owner, Func<Task> work)
    {
        await Task.Delay(Telling);
        var before = await CountAsync(owner);
        await work();
        await Task.Delay(Telling);
        return (await CountAsync(owner)).ToDictionary(t => t.Key, t => t.Value - before.GetValueOrDefault(t.Key));
    }

    private static async Task<Dictionary<string, long>> CountAsync(NpgsqlDataSource owner)
    {
        await using var command = owner.CreateCommand($"""
            select relname, seq_scan from pg_stat_user_tables where schemaname = 'public' and n_live_tup >= {Large}
            and exists (select from pg_attribute where attrelid = relid and attname = 'user_id' and not attisdropped)
            """);
        await using var rows = await command.ExecuteReaderAsync();
        var counts = new Dictionary<string, long>();
        while (await rows.ReadAsync())
        {
            counts[rows.GetString(0)] = rows.GetInt64(1);
        }
        return counts;
    }
}
