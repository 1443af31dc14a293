namespace CallAgent;

/// <summary>What is done to an installation as a whole.</summary>
public static class Installation
{
    /// <summary>Brings the database up to date as its owner: tables, roles, policies, rights. Safe to run again.</summary>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static Task MigrateAsync(CallAgentSettings settings, CancellationToken cancellation = default) =>
        DatabaseStart.MigrateAsync(settings, TimeProvider.System, cancellation);

    /// <summary>Whether a certificate of erasure is from this installation, as it was: its <c>SECRET_KEY</c> must be that of then.</summary>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static bool IsOwn(CallAgentSettings settings, Client.ErasureCertificate certificate) => new ErasureSeal(settings.LoadSecrets()).IsOurs(certificate);
}
