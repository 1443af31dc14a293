using CallAgent.Client;
using Npgsql;

namespace CallAgent.Bench;

/// <summary>A seeded database of its own, and callers to load it with.</summary>
internal sealed record BenchDatabase(NpgsqlConnectionStringBuilder Runtime, IReadOnlyList<Caller> Callers)
{
    private const string Name = "callagent_bench";
    private const string Role = "callagent_bench_app";
    private const int Seeders = 2;

    public string RuntimeUrl => Url(Runtime);

    /// <summary>The same settings that the product gives the driver.</summary>
    public string RuntimeConnection => Runtime.ConnectionString;

    public static async Task<BenchDatabase> PrepareAsync(BenchOptions options)
    {
        var cluster = DatabaseUrl.Parse("CALLAGENT_BENCH_POSTGRES_URL", options.PostgresUrl);
        var admin = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = Name, CommandTimeout = 300 };
        var runtime = new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Username = Role, Password = "bench" };
        await using var server = NpgsqlDataSource.Create(cluster);
        if (!(options.Keeps && await ExistsAsync(server)))
        {
            await RunAsync(server, $"drop database if exists {Name} with (force)");
            await RunAsync(server, $"create database {Name}");
            await SeedAsync(admin, runtime);
        }
        await using var seeded = NpgsqlDataSource.Create(admin);
        await RunAsync(seeded, "delete from contacts where phone_number like '+49152%'");
        await RunAsync(seeded, "vacuum analyze");
        await RunAsync(seeded, "checkpoint");
        return new(runtime, await MakeCallersAsync(seeded));
    }

    /// <summary>The runtime role's URL through a loopback port, such as a counter's.</summary>
    public string UrlAt(int port) => Url(new(Runtime.ConnectionString) { Host = "127.0.0.1", Port = port });

    private static async Task SeedAsync(NpgsqlConnectionStringBuilder admin, NpgsqlConnectionStringBuilder runtime)
    {
        var settings = new CallAgentSettings { DatabaseUrl = Url(runtime), DatabaseAdminUrl = Url(admin) };
        await DatabaseStart.MigrateAsync(settings, TimeProvider.System, CancellationToken.None);
        using var reader = new StreamReader(typeof(BenchDatabase).Assembly.GetManifestResourceStream("seed.sql")!);
        var script = await reader.ReadToEndAsync();
        await Task.WhenAll(Enumerable.Range(0, Seeders).Select(async part =>
        {
            await using var source = NpgsqlDataSource.Create(admin);
            await RunAsync(source, $"set bench.parts = {Seeders}; set bench.part = {part};\n{script}");
        }));
    }

    // Every tenth user has a key, another one each time.
    private static async Task<IReadOnlyList<Caller>> MakeCallersAsync(NpgsqlDataSource source)
    {
        var callers = new List<Caller>();
        await using (var command = source.CreateCommand("""
            select m.user_id, c.id from members m
            join contacts c on c.user_id = m.user_id and right(c.phone_number, 2) = '50' where m.email like 'owner%0@company.example'
            """))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                callers.Add(new("", reader.GetGuid(0), reader.GetGuid(1)));
            }
        }
        var keys = callers.Select(c => c.UserId).Distinct().ToDictionary(u => u, _ => ApiKeySecret.New(ApiKeyMode.Live));
        await using var add = source.CreateCommand("""
            with gone as (delete from api_keys)
            insert into api_keys (user_id, id, member_id, hash, name, prefix, scopes, allowed_addresses, created_at, updated_at, version)
            select u, gen_random_uuid(), u, hash, 'Bench', 'ca_live_000000', '["*"]', '[]', now(), now(), 1 from unnest($1, $2) k (u, hash)
            """);
        add.Parameters.Add(new() { Value = keys.Keys.ToArray() });
        add.Parameters.Add(new() { Value = keys.Values.Select(Secrets.Hash).ToArray() });
        await add.ExecuteNonQueryAsync();
        return callers.ConvertAll(c => c with { Key = keys[c.UserId] });
    }

    public static string Url(NpgsqlConnectionStringBuilder c) =>
        $"postgresql://{c.Username}:{c.Password}@{c.Host}:{c.Port}/{c.Database}".Replace(":@", "@", StringComparison.Ordinal);

    private static async Task<bool> ExistsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand($"select true from pg_database where datname = '{Name}'");
        return await command.ExecuteScalarAsync() is true;
    }

    public static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Somebody to send requests as, and one of the contacts to ask for.</summary>
internal sealed record Caller(string Key, Guid UserId, Guid ContactId);
