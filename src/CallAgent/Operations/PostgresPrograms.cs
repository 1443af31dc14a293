using System.Diagnostics;
using Npgsql;

namespace CallAgent;

/// <summary>PostgreSQL's own programs for dumps, which know more about its versions than we ever would.</summary>
internal static class PostgresPrograms
{
    private const int ShownLines = 3;

    /// <summary>The newest of Debian's, else the one in the path.</summary>
    public static string Find(string program)
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return debian.Select(d => Path.Combine(d, "bin")).Concat(path)
            .SelectMany(d => new[] { Path.Combine(d, program), Path.Combine(d, program + ".exe") })
            .FirstOrDefault(File.Exists)
            ?? throw new BackupException(
                $"{program} is not installed here. It comes with PostgreSQL's client, of the server's version or newer (Debian: postgresql-client, Alpine: postgresql17-client).");
    }

    /// <summary>Runs a program against a database, its password in the environment, where other users do not see it.</summary>
    public static async Task RunAsync(string program, string[] arguments, NpgsqlConnectionStringBuilder? connection, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in connection is null ? [] : Variables(connection))
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        await using var end = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await output;
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            var words = string.Join(' ', errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(ShownLines));
            throw new BackupException($"{Path.GetFileName(program)} failed: {words}");
        }
    }

    private static Dictionary<string, string> Variables(NpgsqlConnectionStringBuilder connection)
    {
        var variables = new Dictionary<string, string>
        {
            ["PGHOST"] = connection.Host!,
            ["PGPORT"] = connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PGDATABASE"] = connection.Database!,
            ["PGUSER"] = connection.Username!,
            ["PGSSLMODE"] = connection.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", var mode => mode.ToString().ToLowerInvariant() },
        };
        if (connection.Password is { Length: > 0 } password)
        {
            variables["PGPASSWORD"] = password;
        }
        if (connection.RootCertificate is { } certificate)
        {
            variables["PGSSLROOTCERT"] = certificate;
        }
        return variables;
    }
}
