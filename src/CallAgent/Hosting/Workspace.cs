namespace CallAgent;

/// <summary>
/// One unit of work of one user: what the API, the web page and code in process all go through. It sees that user's rows
/// and no others, and there is no way to make one without a user. Open, use and dispose of it; it is not for use by
/// several threads at once.
/// </summary>
public sealed class Workspace : IAsyncDisposable
{
    private const int Attempts = 15;
    private const int LongestPauseMilliseconds = 100;

    internal Workspace(CallAgentHost host, Principal principal)
    {
        (Host, Principal) = (host, principal);
        Db = host.Database.Open(TenantScope.Of(principal.UserId));
        Db.Ledger = new CounterLedger(principal.Plan, principal.Zone);
    }

    /// <summary>Who is acting, and for which user.</summary>
    public Principal Principal { get; }

    public Account Account => new(this);
    public ApiKeys ApiKeys => new(this);
    public Campaigns Campaigns => new(this);
    public Contacts Contacts => new(this);
    public Calls Calls => new(this);
    public Conversations Conversations => new(this);
    public Dashboards Dashboards => new(this);
    public Imports Imports => new(this);
    public Exports Exports => new(this);

    internal CallAgentHost Host { get; }

    internal CrmDb Db { get; }

    internal DateTimeOffset Now => Db.Clock.Now();

    public ValueTask DisposeAsync() => Db.DisposeAsync();

    /// <summary>
    /// Repeats a read-change-save when another writer was faster: a caller that asked for no particular version wants
    /// its change made, not an argument.
    /// </summary>
    internal Task<Result<T>> RepeatAsync<T>(Func<Task<Result<T>>> attempt) => RepeatAsync(attempt, result => result.Problem);

    /// <inheritdoc cref="RepeatAsync{T}(Func{Task{Result{T}}})"/>
    internal Task<Problem?> RepeatAsync(Func<Task<Problem?>> attempt) => RepeatAsync(attempt, problem => problem);

    private async Task<T> RepeatAsync<T>(Func<Task<T>> attempt, Func<T, Problem?> problemOf)
    {
        for (var n = 1; ; n++)
        {
            var result = await attempt();
            // What an attempt changed and did not save must not be saved by the next one.
            Db.ChangeTracker.Clear();
            if (problemOf(result)?.Status != Problem.Stale.Status || n == Attempts)
            {
                return result;
            }
            // Writers that collided must not meet again: each waits a random while, up to twice as long each time.
            await Task.Delay(Random.Shared.Next(Math.Min(2 << n, LongestPauseMilliseconds)));
        }
    }
}
