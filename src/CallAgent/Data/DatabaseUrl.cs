using Npgsql;

namespace CallAgent;

/// <summary>Reads <c>DATABASE_URL</c> in its URL form.</summary>
internal static class DatabaseUrl
{
    private const string Form = "postgresql://user:password@host:port/database";

    /// <exception cref="SettingsException">The URL cannot be used; the message never repeats its password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string setting, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
        {
            throw new SettingsException($"{setting} is not of the form {Form}.");
        }
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        var user = uri.UserInfo.Split(':', 2);
        if (uri.Host.Length == 0 || database.Length == 0 || user[0].Length == 0)
        {
            throw new SettingsException($"{setting} lacks a host, user or database: {Form}.");
        }
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = database,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "callagent",
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            // Nothing is ever set on a session, so there is nothing to reset; tests hold that to be true.
            NoResetOnClose = true,
        };
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            Apply(setting, builder, parameter);
        }
        return builder;
    }

    private static void Apply(string setting, NpgsqlConnectionStringBuilder builder, string parameter)
    {
        var pair = parameter.Split('=', 2).Select(Uri.UnescapeDataString).ToArray();
        // The spellings of libpq; all others are Npgsql's own.
        var keyword = pair[0] switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "application_name" => "Application Name",
            "connect_timeout" => "Timeout",
            var other => other.Replace('_', ' '),
        };
        try
        {
            var value = pair.ElementAtOrDefault(1) ?? "";
            builder[keyword] = pair[0] == "sslmode" ? value.Replace("verify-", "Verify", StringComparison.Ordinal) : value;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new SettingsException($"{setting} has a parameter that cannot be used: {pair[0]}.");
        }
    }
}
