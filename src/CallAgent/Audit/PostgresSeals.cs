using Npgsql;
using static CallAgent.PostgresTenant;

namespace CallAgent;

/// <summary>
/// Seals on PostgreSQL in two messages, one that reads and one that writes, where a unit of work takes seven. In between
/// nothing is held; the write happens only while the end of the chain is the one that was read.
/// </summary>
internal sealed class PostgresSeals(Database database, Guid userId)
{
    private const string Chain = "select sequence, hash, anchor_sequence, anchor_hash, mac from audit_chains where user_id = $1";

    private const string Unsealed = """
        select e.id, e.mac from audit_entries e where e.user_id = $1 and e.id >= $2
            and not exists (select from audit_seals s where s.user_id = $1 and s.entry_id = e.id and s.entry_id >= $2)
            order by e.id limit $3
        """;

    private const string Add = """
        with moved as (
            update audit_chains set sequence = $2, hash = $3, mac = $4 where user_id = $1 and mac = $5 returning user_id
        )
        insert into audit_seals (user_id, sequence, entry_id, hash)
            select user_id, sequence, entry_id, hash from moved, unnest($6, $7, $8) seal (sequence, entry_id, hash)
        """;

    /// <summary>Seals the oldest entries from an id on that have no seal.</summary>
    /// <returns>How many; <c>null</c> when there is no chain yet, or somebody else added to it meanwhile.</returns>
    public async Task<int?> TryAddAsync(Guid first, int most, CancellationToken cancellation)
    {
        var (chain, entries) = await ReadAsync(first, most, cancellation);
        if (chain is null || entries.Count == 0)
        {
            return chain is null ? null : 0;
        }
        var read = chain.Mac;
        var seals = database.Book!.Key.Seal(chain, entries);
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var batch = database.Postgres.BatchOf(userId);
        batch.Add(
            Add, Value(userId), Value(chain.Sequence), Value(chain.Hash), Value(chain.Mac), Value(read),
            Value(seals.ConvertAll(s => s.Sequence).ToArray()), Value(seals.ConvertAll(s => s.EntryId).ToArray()), Value(seals.ConvertAll(s => s.Hash).ToArray()));
        await batch.ExecuteNonQueryAsync(cancellation);
        return batch.BatchCommands[1].RecordsAffected > 0 ? seals.Count : null;
    }

    // The chain is read first: an entry that somebody seals after that belongs to a chain that has moved on.
    private async Task<(AuditChain? Chain, List<UnsealedEntry> Entries)> ReadAsync(Guid first, int most, CancellationToken cancellation)
    {
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var batch = database.Postgres.BatchOf(userId);
        batch.Add(Chain, Value(userId));
        batch.Add(Unsealed, Value(userId), Value(first), Value(most));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var chain = await reader.ReadAsync(cancellation) ? Read(reader) : null;
        await reader.NextResultAsync(cancellation);
        var entries = new List<UnsealedEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)));
        }
        return (chain, entries);
    }

    private AuditChain Read(NpgsqlDataReader row) => new()
    {
        UserId = userId,
        Sequence = row.GetInt64(0),
        Hash = row.GetFieldValue<byte[]>(1),
        AnchorSequence = row.GetInt64(2),
        AnchorHash = row.GetFieldValue<byte[]>(3),
        Mac = row.GetFieldValue<byte[]>(4),
    };
}
