using Npgsql;

namespace CallAgent.Tests;

/// <summary>
/// A fresh database for the tests, of the kind that <c>CALLAGENT_TEST_DATABASE</c> names: a SQLite file, or a database of
/// the throw-away PostgreSQL cluster with a runtime role of its own, made by the shipped migrations.
/// </summary>
public sealed class TestDatabase : IDisposable
{
    private readonly string name = $"test_{Guid.CreateVersion7():N}";
    private readonly Uri? cluster;
    private bool goesWithCluster;

    private TestDatabase(string? clusterUrl, string? folder = null)
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("callagent-").FullName;
        if (clusterUrl is not null)
        {
            cluster = new Uri(clusterUrl);
            Run("postgres", $"create database {name}");
        }
    }

    public static bool IsPostgres => Environment.GetEnvironmentVariable("CALLAGENT_TEST_DATABASE") == "postgres";

    /// <summary>Where SQLite and the secret are.</summary>
    public string Folder { get; }

    /// <summary>The cluster's superuser, whom no policy binds: for arranging and for looking behind the scenes.</summary>
    public string OwnerUrl => $"postgresql://{cluster!.UserInfo}@{cluster.Host}:{cluster.Port}/{name}";

    /// <summary>The role that the server signs in as.</summary>
    public string RuntimeUrl => $"postgresql://{name}:secret@{cluster!.Host}:{cluster.Port}/{name}";

    public string SqlitePath => Path.Combine(Folder, "callagent.db");

    public CallAgentSettings Settings => new()
    {
        DataFolder = Folder,
        IsDevelopment = true,
        DatabaseUrl = cluster is null ? null : RuntimeUrl,
        DatabaseAdminUrl = cluster is null ? null : OwnerUrl,
        MigrateAtStart = true,
    };

    public static TestDatabase Create() => new(IsPostgres
        ? Environment.GetEnvironmentVariable("CALLAGENT_TEST_POSTGRES_URL") ?? throw new InvalidOperationException("CALLAGENT_TEST_POSTGRES_URL is not set; run ./dev test.")
        : null);

    /// <summary>On a cluster of the test's own, with which it goes: that one may be down by then.</summary>
    public static TestDatabase CreateOn(string clusterUrl) => new(clusterUrl) { goesWithCluster = true };

    /// <summary>SQLite in a folder of the test's own.</summary>
    public static TestDatabase CreateIn(string folder) => new(null, folder);

    /// <summary>Runs a statement as the superuser (PostgreSQL).</summary>
    public void Run(string statement) => Run(name, statement);

    public NpgsqlConnection ConnectAsOwner() => Connect(OwnerUrl);

    public NpgsqlConnection ConnectAsRuntime() => Connect(RuntimeUrl);

    public void Dispose()
    {
        if (cluster is not null && !goesWithCluster)
        {
            NpgsqlConnection.ClearAllPools();
            Run("postgres", $"drop database {name} with (force)");
            Run("postgres", $"drop role if exists {name}");
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static NpgsqlConnection Connect(string url)
    {
        var settings = new NpgsqlConnectionStringBuilder(DatabaseUrl.Parse("url", url).ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }

    private void Run(string database, string statement)
    {
        using var connection = Connect($"postgresql://{cluster!.UserInfo}@{cluster.Host}:{cluster.Port}/{database}");
        using var command = new NpgsqlCommand(statement, connection);
        command.ExecuteNonQuery();
    }
}
