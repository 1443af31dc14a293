using System.Text.Json;

namespace CallAgent;

/// <summary>What a backup says of itself: enough to know whether it is whole and where it can go.</summary>
public sealed record BackupManifest
{
    /// <summary>The form of the file that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>Of the product that wrote it.</summary>
    public required string ProductVersion { get; init; }

    /// <summary>The last migration of the database.</summary>
    public required string Migration { get; init; }

    /// <summary><c>sqlite</c> or <c>postgres</c>; it can be restored to the same kind only.</summary>
    public required string Database { get; init; }

    /// <summary>Of the database that it was taken from, as it names itself.</summary>
    public required string DatabaseVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Size of the data in bytes, before compression.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the data, before compression, in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Rows of each table, counted in the snapshot that the data is of.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    internal static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    internal static string Product { get; } = typeof(BackupManifest).Assembly.GetName().Version!.ToString(3);

    /// <summary>Tables whose number of rows is another one; empty when all are there.</summary>
    internal IEnumerable<string> Differences(IReadOnlyDictionary<string, long> found) => Rows.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
        .Where(table => Rows.GetValueOrDefault(table, -1) != found.GetValueOrDefault(table, -1))
        .Select(table => $"{table} has {Count(found, table)} where the backup has {Count(Rows, table)}");

    private static string Count(IReadOnlyDictionary<string, long> rows, string table) =>
        rows.TryGetValue(table, out var count) ? $"{count} rows" : "no table";
}

/// <summary>A backup that cannot be made, used or trusted; the message is one line that says why and what to do.</summary>
public sealed class BackupException(string message) : Exception(message);
