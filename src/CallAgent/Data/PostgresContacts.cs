using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace CallAgent;

/// <summary>
/// What a busy installation does all day with contacts, as hand-written statements: one message each, nothing tracked.
/// It says what EF Core would say, and the same tests hold both; everything else, and all of SQLite, goes by EF Core.
/// </summary>
internal sealed class PostgresContacts(NpgsqlDataSource source, Guid userId)
{
    public const string Columns = """
        user_id, id, phone_number, phone_valid, first_name, last_name, email, company, status, tags, custom_fields,
            created_at, updated_at, version
        """;

    private const string ById = $"select {Columns} from contacts where user_id = $1 and id = $2";

    // The limit is written out: as a parameter it would keep the planner from ever settling on one plan.
    private const string Before = $"select {Columns} from contacts where user_id = $1 and id < $2 order by id desc limit ";

    // The place in the plan comes first and everything else from it: without a place nothing is written. The order of
    // counters is the one in which every transaction takes them.
    private const string Insert = $"""
        with place as (
            insert into counters as c (user_id, name, period, value, most)
            select $1, $2, '', 1, $3 where $3 is null or $3 > 0
            on conflict (user_id, name, period) do update set value = c.value + 1, most = excluded.most
            where excluded.most is null or c.value < excluded.most
            returning user_id
        ), figures as (
            insert into counters as c (user_id, name, period, value, most)
            select user_id, name, period, 1, null from place, unnest($4, $5) figure (name, period)
            on conflict (user_id, name, period) do update set value = c.value + 1, most = null
        ), contact as (
            insert into contacts ({Columns})
            select user_id, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 from place
        ), words as (
            insert into contact_tokens (user_id, token, contact_id) select user_id, token, $6 from place, unnest($19) token
        ), noted as (
            insert into timeline_entries (user_id, id, contact_id, kind, occurred_at, actor, details, actor_id)
            select user_id, $20, $6, $21, $22, $23, $24, $25 from place
        )
        select from place
        """;

    private static readonly ActivitySource Traces = new("CallAgent");

    public async Task<Client.Contact?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var reader = await ReadAsync(ById, cancellation, Value(userId), Value(id));
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>The newest contacts made before an id.</summary>
    public async Task<List<Client.Contact>> ListAsync(Guid before, int count, CancellationToken cancellation)
    {
        await using var reader = await ReadAsync($"{Before}{count}", cancellation, Value(userId), Value(before));
        var rows = new List<Client.Contact>(count);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Read(reader));
        }
        return rows;
    }

    /// <summary>Adds a contact with its words, its entry in the timeline and its counters.</summary>
    /// <param name="contact">A new one.</param>
    /// <param name="words">By which it is found.</param>
    /// <param name="entry">That it was made.</param>
    /// <param name="place">The counter that a limit may refuse.</param>
    /// <param name="figures">The other counters, in their order.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>Whether the plan had a place for it.</returns>
    public async Task<bool> AddAsync(
        Contact contact, string[] words, TimelineEntry entry, CounterChange place, IReadOnlyList<CounterChange> figures, CancellationToken cancellation)
    {
        await using var reader = await ReadAsync(
            Insert, cancellation,
            Value(userId), Value(place.Name), Value(place.Limit), Value(figures.Select(f => f.Name).ToArray()), Value(figures.Select(f => f.Period).ToArray()),
            Value(contact.Id), Value(contact.PhoneNumber), Value(contact.PhoneValid), Value(contact.FirstName), Value(contact.LastName),
            Value(contact.Email), Value(contact.Company), Value(contact.Status.ToText()), Value(JsonColumn<IReadOnlyList<string>>.Write(contact.Tags)),
            Value(JsonColumn<IReadOnlyDictionary<string, JsonElement>>.Write(contact.CustomFields)), Value(contact.CreatedAt.UtcDateTime),
            Value(contact.UpdatedAt.UtcDateTime), Value(contact.Version), Value(words), Value(entry.Id), Value(entry.Kind.ToText()),
            Value(entry.OccurredAt.UtcDateTime), Value(entry.Actor), Value(JsonColumn<IReadOnlyDictionary<string, JsonElement>>.Write(entry.Details)),
            Value(entry.ActorId));
        return await reader.ReadAsync(cancellation);
    }

    private async Task<NpgsqlDataReader> ReadAsync(string statement, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        // Seen by whoever listens to traces; EF Core has its own.
        using var trace = Traces.StartActivity("contacts")?.SetTag("user_id", userId);
        await using var batch = source.BatchOf(userId);
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }
        batch.BatchCommands.Add(command);
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

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

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
