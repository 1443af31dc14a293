namespace CallAgent;

/// <summary>
/// What a unit of work may see: the rows of one user, or, before it is known whose turn it is, the one sign-in row whose
/// e-mail or secret's hash it names, or the jobs of the queue that it names.
/// </summary>
internal readonly record struct TenantScope
{
    private TenantScope(Guid? userId, string? lookup) => (User, Lookup) = (userId, lookup);

    public Guid? User { get; }

    /// <summary>The exact e-mail or hash by which a sign-in row may be found, or the queue of jobs.</summary>
    public string? Lookup { get; }

    /// <summary>Nobody's rows.</summary>
    public static TenantScope None => default;

    public static TenantScope Of(Guid userId) => userId == Guid.Empty
        ? throw new TenancyException("A unit of work was opened for the empty user id.")
        : new(userId, null);

    public static TenantScope Naming(string lookup) => new(null, lookup);
}

/// <summary>A broken isolation rule. Always a bug, never an answer to a caller.</summary>
public sealed class TenancyException(string message) : InvalidOperationException(message);
