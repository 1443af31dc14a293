using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CallAgent;

/// <summary>
/// One unit of work on the rows of one user. Made by <see cref="Database"/>, never injected and never pooled: a
/// pooled context would keep the last user.
/// </summary>
internal abstract partial class CrmDb : DbContext
{
    private readonly List<Func<CancellationToken, Task>> bulk = [];
    private readonly List<ICounted> bulkCounted = [];
    private LiveTopics bulkTopics;
    private bool isEnclosed;
    private bool isInPart;

    protected CrmDb(DbContextOptions options, TenantScope scope, TimeProvider clock) : base(options)
    {
        Scope = scope;
        Clock = clock;
        // BEGIN is free and a transaction is what carries the tenant setting; savepoints would cost a round trip each.
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        Database.AutoSavepointsEnabled = false;
        ChangeTracker.Tracking += (_, e) => TenancyModel.Stamp(e.Entry.Entity, UserId);
    }

    public TenantScope Scope { get; }

    /// <summary>The user whose rows these are. Without one, nothing can be read or written.</summary>
    public Guid UserId => Scope.User ?? throw new TenancyException("No user is set for this unit of work.");

    /// <summary>The transaction that the database has already been told the user in (PostgreSQL).</summary>
    public Guid? AnnouncedIn { get; set; }

    public TimeProvider Clock { get; }

    /// <summary>Counters to change with the next save; filled from the change tracker and by bulk statements.</summary>
    public CounterLedger Ledger { get; set; } = CounterLedger.Unlimited;

    public DbSet<User> Users => Set<User>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<MailedToken> MailedTokens => Set<MailedToken>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<ContactToken> ContactTokens => Set<ContactToken>();
    public DbSet<Call> Calls => Set<Call>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<Turn> Turns => Set<Turn>();
    public DbSet<TimelineEntry> TimelineEntries => Set<TimelineEntry>();
    public DbSet<Counter> Counters => Set<Counter>();
    public DbSet<Import> Imports => Set<Import>();
    public DbSet<ImportRow> ImportRows => Set<ImportRow>();
    public DbSet<Job> Jobs => Set<Job>();
    public DbSet<IdempotentRequest> IdempotentRequests => Set<IdempotentRequest>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<AuditSeal> AuditSeals => Set<AuditSeal>();
    public DbSet<AuditChain> AuditChains => Set<AuditChain>();

    /// <summary>
    /// Inserts rows with the next save, without tracking each: for thousands at a time. Those that refer to others come
    /// after them.
    /// </summary>
    public void AddInBulk<T>(IReadOnlyList<T> rows) where T : class, ITenantOwned
    {
        bulk.Add(cancellation => Bulk.InsertAsync(this, rows, cancellation));
        bulkCounted.AddRange(rows.OfType<ICounted>());
        bulkTopics |= rows.Count > 0 ? LiveTopicNames.Of(typeof(T)) : LiveTopics.None;
    }

    /// <summary>Writes some properties of rows that are there with the next save, without tracking each.</summary>
    public void UpdateInBulk<T>(IReadOnlyList<T> rows, params string[] properties) where T : class, ITenantOwned =>
        bulk.Add(cancellation => Bulk.UpdateAsync(this, rows, properties, cancellation));

    /// <summary>Forgets what was to be saved.</summary>
    public void Forget()
    {
        ChangeTracker.Clear();
        ForgetBulk();
    }

    /// <summary>Begins a transaction that will write; on SQLite this waits for its turn. Inside an enclosure it is a part of that.</summary>
    public async Task<IDbContextTransaction> BeginWriteAsync(CancellationToken cancellation)
    {
        if (!isEnclosed)
        {
            return await StartWriteAsync(cancellation);
        }
        var enclosed = await EnclosedTransaction.BeginAsync(Database.CurrentTransaction!, () => isInPart = false, cancellation);
        isInPart = true;
        return enclosed;
    }

    /// <summary>Begins a transaction around everything that this unit of work does until <see cref="EndEnclosure"/>.</summary>
    public async Task<IDbContextTransaction> EncloseAsync(CancellationToken cancellation)
    {
        var transaction = await StartWriteAsync(cancellation);
        isEnclosed = true;
        return transaction;
    }

    public void EndEnclosure() => (isEnclosed, isInPart) = (false, false);

    /// <summary>
    /// Lets the current transaction be lost when the database's machine dies right after it, as a whole and with nothing
    /// that comes later kept without it: for one of many steps that would then be done again. A later ordinary commit
    /// makes it last.
    /// </summary>
    public virtual Task CommitLazilyAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// Has the connection plan anew, for one of many steps that fill tables. PostgreSQL keeps the plan that checks a foreign
    /// key until somebody analyses the table: one made when it was next to empty may walk through all of a user's rows, and
    /// was seen to make a first import four times as slow.
    /// </summary>
    public virtual Task ForgetPlansAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Takes what was deleted out of the files of the database as well, where that is the product's business.</summary>
    public virtual Task WipeAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Saving is asynchronous here; use SaveChangesAsync.");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        ChangeTracker.DetectChanges();
        TenancyModel.Guard(ChangeTracker, UserId);
        Touch();
        var changes = Ledger.Changes(ChangeTracker, bulkCounted);
        var topics = TopicsOf(changes) | bulkTopics;
        var entries = EntriesToSave();

        await using var transaction = Database.CurrentTransaction is null || (isEnclosed && !isInPart) ? await BeginWriteAsync(cancellationToken) : null;
        await Ledger.ApplyAsync(this, changes, cancellationToken);
        foreach (var write in bulk)
        {
            await write(cancellationToken);
        }
        var rows = await SaveWithAsync(entries, acceptAllChangesOnSuccess, cancellationToken);
        MarkChanged(topics);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        ForgetBulk();
        return rows;
    }

    /// <summary>Begins a transaction of its own that will write.</summary>
    protected virtual Task<IDbContextTransaction> StartWriteAsync(CancellationToken cancellation) => Database.BeginTransactionAsync(cancellation);

    private void ForgetBulk()
    {
        notes.Clear();
        bulk.Clear();
        bulkCounted.Clear();
        bulkTopics = LiveTopics.None;
    }

    private void Touch()
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>().Where(e => e.State == EntityState.Modified))
        {
            entry.Entity.Version++;
            entry.Entity.UpdatedAt = Clock.Now();
        }
    }
}
