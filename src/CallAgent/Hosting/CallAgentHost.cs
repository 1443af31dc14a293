using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CallAgent;

/// <summary>A running installation, in process: register, sign in, and act for a user.</summary>
public sealed class CallAgentHost : IAsyncDisposable
{
    private readonly Secrets secrets;

    private CallAgentHost(CallAgentSettings settings, Database database, Secrets secrets, Mailer mailer, TimeProvider clock, ILogger auditLog)
    {
        (Database, Mailer, Clock, this.secrets) = (database, mailer, clock, secrets);
        SendsMail = settings.SmtpUrl is not null;
        AuditLife = TimeSpan.FromDays(settings.AuditDays);
        AuditSealer = new AuditSealer(database, auditLog);
        AuditInbox = new AuditInbox(database, AuditSealer, auditLog);
        database.Book!.Written = AuditSealer.Written;
        Mails = new Mails(settings.PublicAddress());
        Cursors = new Cursors(secrets);
        Passwords = new Passwords();
        PasswordRules = new PasswordRules(settings.IsDevelopment);
        Principals = new PrincipalCache(database);
        AccessTokens = new AccessTokens(database, Principals, secrets, clock);
        Throttle = new SignInThrottle(clock);
        TwoFactorCodes = new TwoFactorCodes(secrets, clock);
        IdempotencySeal = secrets.SealFor("idempotent-answers");
        ErasureSeal = new ErasureSeal(secrets);
        SignIn = new SignIn(this, new KnownDevices(secrets));
        Registration = new Registration(this);
        Joining = new Joining(this);
        Recovery = new Recovery(this);
        Live = new LiveChanges(database);
        Jobs = new JobQueue(database, clock);
        Operators = Operators.OfServer(settings, clock);
    }

    public SignIn SignIn { get; }

    public AccessTokens AccessTokens { get; }

    /// <summary>Invitations, for those who have one.</summary>
    public Joining Joining { get; }

    /// <summary>Lost passwords and links from mails, for those who are not signed in.</summary>
    public Recovery Recovery { get; }

    /// <summary>Who wants to know when a user's rows change.</summary>
    public LiveChanges Live { get; }

    /// <summary>
    /// The operator's way to all users, over a connection of its own; <c>null</c> where the settings have none
    /// (PostgreSQL without <c>DATABASE_ADMIN_URL</c>).
    /// </summary>
    public Operators? Operators { get; }

    internal Registration Registration { get; }

    internal TimeProvider Clock { get; }

    internal SignInThrottle Throttle { get; }

    internal TwoFactorCodes TwoFactorCodes { get; }

    internal Seal IdempotencySeal { get; }

    internal ErasureSeal ErasureSeal { get; }

    internal PasswordRules PasswordRules { get; }

    internal Mailer Mailer { get; }

    /// <summary>Whether there is a mail server; otherwise mails are files in the data folder.</summary>
    public bool SendsMail { get; }

    internal Mails Mails { get; }

    internal Database Database { get; }

    internal Cursors Cursors { get; }

    internal Passwords Passwords { get; }

    internal PrincipalCache Principals { get; }

    internal JobQueue Jobs { get; }

    /// <summary>Takes what the audit log notes behind the answers.</summary>
    internal AuditInbox AuditInbox { get; }

    internal AuditSealer AuditSealer { get; }

    /// <summary>How long entries of the audit log are kept.</summary>
    internal TimeSpan AuditLife { get; }

    /// <summary>The time that the installation goes by.</summary>
    public DateTimeOffset Now => Clock.Now();

    /// <summary>Whether the database is PostgreSQL; SQLite otherwise.</summary>
    public bool IsPostgres => Database.IsPostgres;

    /// <summary>Opens the installation that the settings describe, its database made and migrated where that is allowed.</summary>
    /// <exception cref="SettingsException">A setting cannot be used; the message says which and why, in one line.</exception>
    public static Task<CallAgentHost> StartAsync(
        CallAgentSettings settings, TimeProvider? clock = null, ILoggerFactory? log = null, CancellationToken cancellation = default) =>
        StartAsync(settings, new HostParts { Clock = clock ?? TimeProvider.System, Log = log }, cancellation);

    /// <summary>Registers a user on the free plan; a taken e-mail is a conflict.</summary>
    public Task<Result<Principal>> RegisterAsync(Client.Register request, CancellationToken cancellation = default) =>
        Registration.RegisterAsync(request, cancellation);

    /// <summary>A unit of work for somebody who has signed in.</summary>
    public Workspace As(Principal principal) => new(this, principal);

    /// <summary>A unit of work for a user, for code that needs no sign-in; <c>null</c> when there is no such user.</summary>
    public async Task<Workspace?> AsAsync(Guid userId, CancellationToken cancellation = default) =>
        await Principals.UserAsync(userId, cancellation) is { } principal ? As(principal) : null;

    /// <summary>A unit of work for what an operator does to a user, under the operator's name; <c>null</c> when there is no such user.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="account">Which operator; <c>null</c> for who has the database's credentials.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Workspace?> AsOperatorAsync(Guid userId, OperatorAccount? account, CancellationToken cancellation = default) =>
        await Principals.UserAsync(userId, cancellation) is { } principal
            ? As(principal with { OperatorName = OperatorAccounts.NameOf(account), ActorName = $"Operator {OperatorAccounts.NameOf(account)}" })
            : null;

    /// <summary>Signs for one purpose of the application around it, the same on every node.</summary>
    public Signer SignerFor(string purpose) => secrets.SignerFor($"application/{purpose}");

    /// <summary>
    /// Works off what users have asked for in the background, such as imports, until it is stopped. The server does this;
    /// an application that embeds CallAgent runs it once. Several nodes share the work.
    /// </summary>
    /// <param name="failed">Told of each failure, to log it; the work is repeated.</param>
    /// <param name="cancellation">Stops it; what is half done is left to the next.</param>
    public async Task RunJobsAsync(Action<Exception> failed, CancellationToken cancellation)
    {
        try
        {
            await AuditUpkeep.SweepAsync(this, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped as soon as it was started, which is no failure: a host that saw one would stop serving at once.
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failed(e);
        }
        await new JobWorker(this, failed).RunAsync(cancellation);
    }

    /// <summary>Notes in the audit log that somebody who is signed in asked for what it may not have, or for what is not there.</summary>
    /// <param name="principal">Who asked.</param>
    /// <param name="status">What the answer was: 403 or 404.</param>
    /// <param name="asked">What for: a method and a route.</param>
    /// <param name="recordId">The record that it named.</param>
    public void AuditRefusal(Principal principal, int status, string asked, Guid? recordId) => AuditInbox.Post(
        principal.UserId, AuditActor.Of(principal), Client.AuditKind.Denied,
        status == 404 ? AuditActions.RecordMiss : AuditActions.AccessDeny, recordId, new { asked, status });

    /// <summary>Whether the database answers within a time.</summary>
    public Task<bool> IsReadyAsync(TimeSpan patience, CancellationToken cancellation = default) => Database.AnswersAsync(patience, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        // What is waiting to be sent may still have to be read.
        await Mailer.DisposeAsync();
        await AuditInbox.DisposeAsync();
        await AuditSealer.DisposeAsync();
        Principals.Dispose();
        Jobs.Dispose();
        if (Operators is not null)
        {
            await Operators.DisposeAsync();
        }
        await Database.DisposeAsync();
    }

    internal static async Task<CallAgentHost> StartAsync(CallAgentSettings settings, HostParts parts, CancellationToken cancellation)
    {
        settings.Check();
        var secrets = settings.LoadSecrets();
        var log = (parts.Log ?? NullLoggerFactory.Instance).CreateLogger("CallAgent.Mail");
        var (delivery, sender) = (parts.Delivery ?? settings.Delivery(log), settings.Sender());
        var database = await DatabaseStart.ForServingAsync(settings, parts.Clock, cancellation, parts.Configure);
        database.Book = new AuditBook(new AuditKey(secrets));
        var auditLog = (parts.Log ?? NullLoggerFactory.Instance).CreateLogger("CallAgent.Audit");
        return new CallAgentHost(settings, database, secrets, new Mailer(delivery, sender, parts.Clock, log), parts.Clock, auditLog);
    }
}

/// <summary>What an installation works with beside its settings; tests put their own in.</summary>
internal sealed record HostParts
{
    public required TimeProvider Clock { get; init; }
    public ILoggerFactory? Log { get; init; }
    public IMailDelivery? Delivery { get; init; }
    public Action<DbContextOptionsBuilder>? Configure { get; init; }
}

/// <summary>Adds an installation to an application's services.</summary>
public static class CallAgentServices
{
    /// <summary>
    /// Adds <see cref="CallAgentHost"/>; it starts with its first use. Settings come from the environment unless given.
    /// </summary>
    public static IServiceCollection AddCallAgent(this IServiceCollection services, CallAgentSettings? settings = null) =>
        services.AddSingleton(provider => CallAgentHost.StartAsync(
            settings ?? CallAgentSettings.FromEnvironment(isDevelopment: false),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>()).GetAwaiter().GetResult());
}
