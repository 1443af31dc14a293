using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using static CallAgent.PostgresTenant;

namespace CallAgent;

/// <summary>
/// What a busy installation does all day with contacts, as hand-written statements: one message each, nothing tracked.
/// It says what EF Core would say, and the same tests hold both; everything else, and all of SQLite, goes by EF Core.
/// </summary>
internal sealed class PostgresContacts(Database database, Guid userId)
{
    public const string Columns = """
        user_id, id, phone_number, phone_valid, first_name, last_name, email, company, status, tags, custom_fields,
            created_at, updated_at, version
        """;

    private const string ById = $"select {Columns} from contacts where user_id = $1 and id = $2";

    // The limit is written out: as a parameter it would keep the planner from ever settling on one plan.
    private const string Before = $"select {Columns} from contacts where user_id = $1 and id < $2 order by id desc limit ";

    private static readonly string Insert = $"with {Parts(user: "$1", from: "")} select";

    // The place in the plan comes first and everything else from it: without a place nothing is written.
    private static readonly string InsertWithin = $"""
        with place as (
            insert into counters as c (user_id, name, period, value, most)
            select $1, $32, '', 1, $33 where $33 > 0
            on conflict (user_id, name, period) do update set value = c.value + 1, most = excluded.most where c.value < excluded.most
            returning user_id
        ), {Parts(user: "user_id", from: "from place")} select from place
        """;

    private static readonly ActivitySource Traces = new("CallAgent");

    public async Task<Client.Contact?> FindAsync(Guid id, CancellationToken cancellation)
    {
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var reader = await ReadAsync(ById, cancellation, Value(userId), Value(id));
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>The newest contacts made before an id.</summary>
    public async Task<List<Client.Contact>> ListAsync(Guid before, int count, CancellationToken cancellation)
    {
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var reader = await ReadAsync($"{Before}{count}", cancellation, Value(userId), Value(before));
        var rows = new List<Client.Contact>(count);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Read(reader));
        }
        return rows;
    }

    /// <summary>Adds a contact with its words, its entry in the audit log and its counters.</summary>
    /// <param name="contact">A new one.</param>
    /// <param name="words">By which it is found.</param>
    /// <param name="audit">That it was made, signed; it happened when the contact says.</param>
    /// <param name="counters">What it adds one to, in their order; at most one of them has a limit, the first.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>Whether the plan had a place for it.</returns>
    public async Task<bool> AddAsync(
        Contact contact, string[] words, AuditEntry audit, IReadOnlyList<CounterChange> counters, CancellationToken cancellation)
    {
        var place = counters[0];
        var figures = counters.Skip(place.Limit is null ? 0 : 1).ToArray();
        NpgsqlParameter[] values =
        [
            Value(userId), Value(Array.ConvertAll(figures, f => f.Name)), Value(Array.ConvertAll(figures, f => f.Period)),
            Value(contact.Id), Value(contact.PhoneNumber), Value(contact.PhoneValid), Value(contact.FirstName), Value(contact.LastName),
            Value(contact.Email), Value(contact.Company), Value(contact.Status.ToText()), Value(JsonColumn<IReadOnlyList<string>>.Write(contact.Tags)),
            Value(JsonColumn<IReadOnlyDictionary<string, JsonElement>>.Write(contact.CustomFields)), Value(contact.CreatedAt.UtcDateTime),
            Value(contact.UpdatedAt.UtcDateTime), Value(contact.Version), Value(ContactTokens.Write(words)), Value(contact.AddedBy), Value(contact.AddedById),
            Value(JsonColumn<IReadOnlyDictionary<string, JsonElement>>.Write(contact.AddedWith)), Value(words),
            Value(audit.Id), Value(audit.Kind.ToText()), Value(audit.Action), Value(audit.ActorKind.ToText()), Value(audit.ActorId), Value(audit.ActorName),
            Value(audit.Address), Value(audit.RequestId), Value(audit.Changes), Value(audit.Mac),
        ];
        using var turn = await database.Gate.EnterAsync(cancellation);
        await using var reader = place.Limit is { } limit
            ? await ReadAsync(InsertWithin, cancellation, [.. values, Value(place.Name), Value(limit)])
            : await ReadAsync(Insert, cancellation, values);
        return await reader.ReadAsync(cancellation);
    }

    // The order of counters is the one in which every transaction takes them.
    private static string Parts(string user, string from)
    {
        var each = from.Length == 0 ? "from" : $"{from},";
        return $"""
            figures as (
                insert into counters as c (user_id, name, period, value, most)
                select {user}, name, period, 1, null {each} unnest($2, $3) figure (name, period)
                on conflict (user_id, name, period) do update set value = c.value + 1, most = null
            ), contact as (
                insert into contacts ({Columns}, words, added_by, added_by_id, added_with)
                select {user}, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20 {from}
            ), words as (
                insert into contact_tokens (user_id, token, contact_id) select {user}, token, $4 {each} unnest($21) token
            ), audited as (
                insert into audit_entries (user_id, id, occurred_at, kind, action, resource_id, actor_kind, actor_id, actor_name, address, request_id, changes, mac)
                select {user}, $22, $14, $23, $24, $4, $25, $26, $27, $28, $29, $30, $31 {from}
            )
            """;
    }

    private async Task<NpgsqlDataReader> ReadAsync(string statement, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        // Seen by whoever listens to traces; EF Core has its own.
        using var trace = Traces.StartActivity("contacts")?.SetTag("user_id", userId);
        await using var batch = database.Postgres.BatchOf(userId);
        batch.Add(statement, parameters);
        var reader = await batch.ExecuteReaderAsync(cancellation);
        try
        {
            await reader.NextResultAsync(cancellation);
            return reader;
        }
        catch
        {
            // What the database refuses is told here, and the reader holds the connection.
            await reader.DisposeAsync();
            throw;
        }
    }

    private static Client.Contact Read(NpgsqlDataReader row) => new()
    {
        UserId = row.GetGuid(0),
        Id = row.GetGuid(1),
        PhoneNumber = row.GetString(2),
        PhoneValid = row.GetBoolean(3),
        FirstName = Contact.NullIfEmpty(row.GetString(4)),
        LastName = Contact.NullIfEmpty(row.GetString(5)),
        Email = Contact.NullIfEmpty(row.GetString(6)),
        Company = Contact.NullIfEmpty(row.GetString(7)),
        Status = EnumText<Client.ContactStatus>.Parse(row.GetString(8)),
        Tags = JsonColumn<IReadOnlyList<string>>.Read(row.GetString(9)),
        CustomFields = JsonColumn<IReadOnlyDictionary<string, JsonElement>>.Read(row.GetString(10)),
        CreatedAt = row.GetDateTime(11),
        UpdatedAt = row.GetDateTime(12),
        Version = row.GetInt32(13),
    };
}
