using System.Text.Json;
using Npgsql;

namespace CallAgent.Bench.Baseline;

/// <summary>Hand-written SQL under row-level security: each request is one round trip that names the user first.</summary>
internal sealed class Contacts(NpgsqlDataSource source)
{
    private const string SetUser = "select set_config('app.user_id', $1, true)";

    private const string Columns = """
        id, user_id, phone_number, phone_valid, first_name, last_name, email, company, status, tags, custom_fields, created_at, updated_at
        """;

    public async Task<ContactPage> PageAsync(Guid userId, Guid after)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(UserIs(userId));
        batch.BatchCommands.Add(new($"select {Columns} from contacts where user_id = $1 and id < $2 order by id desc limit 50")
        {
            Parameters = { Value(userId), Value(after) },
        });
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var rows = new List<Contact>(50);
        while (await reader.ReadAsync())
        {
            rows.Add(Read(reader));
        }
        return new(rows);
    }

    public async Task<Contact?> FindAsync(Guid userId, Guid id)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(UserIs(userId));
        batch.BatchCommands.Add(new($"select {Columns} from contacts where user_id = $1 and id = $2") { Parameters = { Value(userId), Value(id) } });
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        return await reader.ReadAsync() ? Read(reader) : null;
    }

    public async Task<Contact> CreateAsync(Guid userId, NewContact contact)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var row = new Contact(
            Guid.CreateVersion7(now), userId, contact.PhoneNumber, true, contact.FirstName, contact.LastName, contact.Email, contact.Company,
            "new", contact.Tags ?? [], contact.CustomFields ?? [], now, now);
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(UserIs(userId));
        batch.BatchCommands.Add(new($"insert into contacts ({Columns}, version, words, added_with) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, '[]', '{{}}')")
        {
            Parameters =
            {
                Value(row.Id), Value(userId), Value(row.PhoneNumber), Value(true), Value(row.FirstName ?? ""), Value(row.LastName ?? ""),
                Value(row.Email ?? ""), Value(row.Company ?? ""), Value(row.Status),
                Value(JsonSerializer.Serialize(row.Tags, BaselineJson.Default.StringArray)),
                Value(JsonSerializer.Serialize(row.CustomFields, BaselineJson.Default.DictionaryStringJsonElement)), Value(now), Value(now),
            },
        });
        await batch.ExecuteNonQueryAsync();
        return row;
    }

    private static NpgsqlBatchCommand UserIs(Guid userId) => new(SetUser) { Parameters = { Value(userId.ToString()) } };

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static Contact Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetBoolean(3), NullIfEmpty(row.GetString(4)), NullIfEmpty(row.GetString(5)),
        NullIfEmpty(row.GetString(6)), NullIfEmpty(row.GetString(7)), row.GetString(8),
        row.GetString(9) is "[]" ? [] : JsonSerializer.Deserialize(row.GetString(9), BaselineJson.Default.StringArray)!,
        row.GetString(10) is "{}" ? [] : JsonSerializer.Deserialize(row.GetString(10), BaselineJson.Default.DictionaryStringJsonElement)!,
        row.GetDateTime(11), row.GetDateTime(12));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
