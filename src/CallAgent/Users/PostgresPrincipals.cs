using Npgsql;
using static CallAgent.PostgresTenant;

namespace CallAgent;

/// <summary>
/// Who stands behind a credential, on PostgreSQL by hand and in one message: a user's first request in three seconds waits for it, and
/// where there are many users that is most of the requests.
/// </summary>
internal sealed class PostgresPrincipals(Database database)
{
    private const string Holder = """
        u.company_name, u.plan, u.status, u.default_region, u.time_zone,
            m.user_id, m.id, m.email, m.first_name, m.last_name, m.role, m.credential_version, m.deactivated_at
        """;

    private const string Member = $"select {Holder} from members m join users u on u.user_id = m.user_id where m.user_id = $1 and m.id = $2";

    private const int HolderColumns = 13;

    public async Task<Principal?> MemberAsync(Guid userId, Guid memberId, CancellationToken cancellation)
    {
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var batch = database.Postgres.BatchOf(userId);
        batch.Add(Member, Value(userId), Value(memberId));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? HolderOf(reader) : null;
    }

    public Task<(ApiKey, Principal)?> ApiKeyAsync(string hash, CancellationToken cancellation) => CredentialAsync(
        "api_keys", "c.id, c.name, c.last_used_at, c.scopes, c.allowed_addresses, c.expires_at", hash, (row, holder) => new ApiKey
        {
            UserId = holder.UserId,
            MemberId = holder.MemberId!.Value,
            Hash = hash,
            Id = row.GetGuid(HolderColumns),
            Name = row.GetString(HolderColumns + 1),
            LastUsedAt = Moment(row, HolderColumns + 2),
            Scopes = JsonColumn<IReadOnlyList<string>>.Read(row.GetString(HolderColumns + 3)),
            AllowedAddresses = JsonColumn<IReadOnlyList<string>>.Read(row.GetString(HolderColumns + 4)),
            ExpiresAt = Moment(row, HolderColumns + 5),
            // What no sign-in asks for.
            Prefix = "",
            CreatedAt = default,
            UpdatedAt = default,
        }, cancellation);

    public Task<(Session, Principal)?> SessionAsync(string hash, CancellationToken cancellation) => CredentialAsync(
        "sessions", "c.id, c.expires_at, c.last_seen_at, c.proved_at", hash, (row, holder) => new Session
        {
            UserId = holder.UserId,
            MemberId = holder.MemberId!.Value,
            Hash = hash,
            Id = row.GetGuid(HolderColumns),
            ExpiresAt = row.GetDateTime(HolderColumns + 1),
            LastSeenAt = row.GetDateTime(HolderColumns + 2),
            ProvedAt = row.GetDateTime(HolderColumns + 3),
            CreatedAt = default,
        }, cancellation);

    // The policies show the credential to whoever names its hash, and nothing else; its own user_id then names the user for the rest.
    private async Task<(T, Principal)?> CredentialAsync<T>(
        string table, string columns, string hash, Func<NpgsqlDataReader, Principal, T> read, CancellationToken cancellation) where T : Credential
    {
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var batch = database.Postgres.CreateBatch();
        batch.Add("select set_config('app.lookup', $1, true)", Value(hash));
        batch.Add($"select set_config('app.user_id', user_id::text, true) from {table} where hash = $1", Value(hash));
        batch.Add($"""
            select {Holder}, {columns} from {table} c
            join members m on m.user_id = c.user_id and m.id = c.member_id join users u on u.user_id = c.user_id where c.hash = $1
            """, Value(hash));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) && HolderOf(reader) is var holder ? (read(reader, holder), holder) : null;
    }

    // Of both rows as much as a principal takes from them.
    private static Principal HolderOf(NpgsqlDataReader row) => PrincipalCache.Describe(
        new User
        {
            UserId = row.GetGuid(5),
            CompanyName = Text(row, 0),
            Plan = EnumText<Client.Plan>.Parse(row.GetString(1)),
            Status = EnumText<Client.UserStatus>.Parse(row.GetString(2)),
            DefaultRegion = row.GetString(3),
            TimeZone = row.GetString(4),
            CreatedAt = default,
            UpdatedAt = default,
        },
        new Member
        {
            UserId = row.GetGuid(5),
            Id = row.GetGuid(6),
            Email = row.GetString(7),
            FirstName = Text(row, 8),
            LastName = Text(row, 9),
            Role = EnumText<Client.MemberRole>.Parse(row.GetString(10)),
            CredentialVersion = row.GetInt32(11),
            DeactivatedAt = Moment(row, 12),
            PasswordHash = "",
            CreatedAt = default,
            UpdatedAt = default,
        });

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
