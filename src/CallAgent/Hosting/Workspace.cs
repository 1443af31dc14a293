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

    private CrmDb? db;
    private HashSet<(string Action, Guid? Id)>? reads;

    internal Workspace(CallAgentHost host, Principal principal)
    {
        (Host, Principal) = (host, principal);
        Ledger = new CounterLedger(principal.Plan, principal.Zone);
    }

    /// <summary>Who is acting, and for which user.</summary>
    public Principal Principal { get; }

    public Account Account => new(this);
    public TwoFactor TwoFactor => new(this);
    public Sessions Sessions => new(this);
    public ApiKeys ApiKeys => new(this);
    public Members Members => new(this);
    public Invitations Invitations => new(this);
    public Campaigns Campaigns => new(this);
    public Contacts Contacts => new(this);
    public Calls Calls => new(this);
    public Conversations Conversations => new(this);
    public Transcripts Transcripts => new(this);
    public CallDesks CallDesks => new(this);
    public Dashboards Dashboards => new(this);
    public Imports Imports => new(this);
    public Exports Exports => new(this);
    public Idempotency Idempotency => new(this);
    public AuditLog Audit => new(this);

    /// <summary>
    /// The versions of which the record that is changed must have one; <c>null</c> when any will do. When it has another,
    /// nothing is changed and the answer is <see cref="Problem.Stale"/>.
    /// </summary>
    public IReadOnlyCollection<int>? ExpectedVersions { get; set; }

    internal CallAgentHost Host { get; }

    /// <inheritdoc cref="CallAgentHost.SendsMail"/>
    public bool SendsMail => Host.SendsMail;

    internal CounterLedger Ledger { get; }

    /// <summary>Opened when it is first asked for: what goes by <see cref="ShortWay"/> does without.</summary>
    internal CrmDb Db => db ??= Open();

    /// <summary>Hand-written statements, where there are any and no transaction is open that they would not be part of.</summary>
    internal PostgresContacts? ShortWay => Host.Database.IsPostgres && db?.Database.CurrentTransaction is null
        ? new(Host.Database, Principal.UserId)
        : null;

    internal DateTimeOffset Now => Host.Database.Clock.Now();

    /// <summary>
    /// Whether a record may be changed that was read to be changed. The save compares once more, because the version is
    /// part of what it looks for.
    /// </summary>
    /// <returns><see cref="Problem.Stale"/>, or <c>null</c> when it may.</returns>
    internal Problem? Check(int version) => ExpectedVersions?.Contains(version) == false ? Problem.Stale : null;

    /// <summary>Mails something when what it tells of has come to stay.</summary>
    internal void Post(Mail mail) => Db.AfterCommit(() => Host.Mailer.Post(Principal.UserId, mail));

    public ValueTask DisposeAsync() => db?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// Repeats a read-change-save when another writer was faster: a caller that asked for no particular version wants
    /// its change made, not an argument. One that did must be told that it is late, so that it is tried once.
    /// </summary>
    internal Task<Result<T>> RepeatAsync<T>(Func<Task<Result<T>>> attempt) => RepeatAsync(attempt, result => result.Problem);

    /// <inheritdoc cref="RepeatAsync{T}(Func{Task{Result{T}}})"/>
    internal Task<Problem?> RepeatAsync(Func<Task<Problem?>> attempt) => RepeatAsync(attempt, problem => problem);

    /// <summary>
    /// Notes behind the answer that personal data was read; once a unit of work, because one thing asked for may be read in
    /// several steps.
    /// </summary>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="id">Which record.</param>
    /// <param name="query">What a list was asked for.</param>
    internal void AuditRead(string action, Guid? id = null, Client.ListQuery? query = null)
    {
        if ((reads ??= []).Add((action, id)))
        {
            Host.AuditInbox.Post(Principal.UserId, AuditActor.Of(Principal), Client.AuditKind.Read, action, id, Described(query));
        }
    }

    /// <inheritdoc cref="AuditRead"/>
    /// <returns>What was read.</returns>
    internal T Read<T>(string action, Guid id, T record) where T : class
    {
        AuditRead(action, id);
        return record;
    }

    /// <inheritdoc cref="AuditRead"/>
    /// <returns>The page, or why there is none, which shows nothing.</returns>
    internal async Task<Result<T>> ListedAsync<T>(string action, Client.ListQuery? query, Task<Result<T>> page)
    {
        var result = await page;
        if (result.Problem is null)
        {
            AuditRead(action, query: query);
        }
        return result;
    }

    private static object? Described(Client.ListQuery? query) =>
        query is null or { Q: null, Sort: null, Filters.Count: 0, Cursor: null } ? null : new { q = query.Q, sort = query.Sort, filters = query.Filters, further = query.Cursor is not null };

    private CrmDb Open()
    {
        var opened = Host.Database.Open(TenantScope.Of(Principal.UserId));
        opened.Ledger = Ledger;
        opened.Actor = AuditActor.Of(Principal);
        return opened;
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> attempt, Func<T, Problem?> problemOf)
    {
        var attempts = ExpectedVersions is null ? Attempts : 1;
        for (var n = 1; ; n++)
        {
            T result;
            try
            {
                result = await attempt();
            }
            catch (Exception e) when (Saving.IsCollision(e) && n < attempts)
            {
                Db.Forget();
                await PauseAsync(n);
                continue;
            }
            // What an attempt changed and did not save must not be saved by the next one.
            Db.ChangeTracker.Clear();
            if (problemOf(result)?.Status != Problem.Stale.Status || n == attempts)
            {
                return result;
            }
            await PauseAsync(n);
        }

        // Writers that collided must not meet again: each waits a random while, up to twice as long each time.
        static Task PauseAsync(int n) => Task.Delay(Random.Shared.Next(Math.Min(2 << n, LongestPauseMilliseconds)));
    }
}
