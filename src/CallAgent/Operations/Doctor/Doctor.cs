namespace CallAgent;

/// <summary>How well something is.</summary>
public enum Verdict
{
    Ok,

    /// <summary>It works, and something should be done about it.</summary>
    Warning,

    /// <summary>It does not work, or does not protect.</summary>
    Wrong,
}

/// <summary>What was found of one thing, and for what is not well how to mend it.</summary>
public sealed record Finding(string Check, Verdict Verdict, string Says, string? Mend = null);

/// <summary>Examines an installation from where the server runs: settings, files, database, and what it talks to.</summary>
public static class Doctor
{
    /// <summary>Examines everything; what cannot be reached is a finding and not an error.</summary>
    /// <param name="settings">The installation's.</param>
    /// <param name="smtpUrl">Where mail goes, <c>smtp://user:password@host:port</c>, if anywhere.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        CallAgentSettings settings, string? smtpUrl = null, CancellationToken cancellation = default)
    {
        var findings = new List<Finding>(FileChecks.Examine(settings));
        findings.AddRange(settings.DatabaseUrl is null
            ? await SqliteChecks.ExamineAsync(settings, cancellation)
            : await PostgresChecks.ExamineAsync(settings, cancellation));
        if (settings.RedisUrl is { } redis)
        {
            findings.Add(await ServiceChecks.RedisAsync(redis, cancellation));
        }
        if (smtpUrl is { Length: > 0 })
        {
            findings.Add(await ServiceChecks.SmtpAsync(smtpUrl, cancellation));
        }
        return findings;
    }

    /// <summary>The worst of all findings.</summary>
    public static Verdict Worst(IEnumerable<Finding> findings) => findings.Select(f => f.Verdict).DefaultIfEmpty(Verdict.Ok).Max();
}
