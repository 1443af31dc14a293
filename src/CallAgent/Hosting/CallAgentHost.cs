using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CallAgent;

/// <summary>A running installation, in process: register, sign in, and act for a user.</summary>
public sealed class CallAgentHost : IAsyncDisposable
{
    private readonly Secrets secrets;

    private CallAgentHost(Database database, Secrets secrets, TimeProvider clock)
    {
        (Database, this.secrets) = (database, secrets);
        Cursors = new Cursors(secrets);
        Passwords = new Passwords();
        Principals = new PrincipalCache(database);
        AccessTokens = new AccessTokens(database, Principals, secrets, clock);
        SignIn = new SignIn(database, Principals, Passwords, AccessTokens, clock);
        Registration = new Registration(database, Passwords, clock);
        Live = new LiveChanges(database);
        Jobs = new JobQueue(database, clock);
    }

    public SignIn SignIn { get; }

    public AccessTokens AccessTokens { get; }

    /// <summary>Who wants to know when a user's rows change.</summary>
    public LiveChanges Live { get; }

    internal Registration Registration { get; }

    internal Database Database { get; }

    internal Cursors Cursors { get; }

    internal Passwords Passwords { get; }

    internal PrincipalCache Principals { get; }

    internal JobQueue Jobs { get; }

    /// <summary>Whether the database is PostgreSQL; SQLite otherwise.</summary>
    public bool IsPostgres => Database.IsPostgres;

    /// <summary>Opens the installation that the settings describe, its database made and migrated where that is allowed.</summary>
    /// <exception cref="SettingsException">A setting cannot be used; the message says which and why, in one line.</exception>
    public static Task<CallAgentHost> StartAsync(CallAgentSettings settings, TimeProvider? clock = null, CancellationToken cancellation = default) =>
        StartAsync(settings, clock ?? TimeProvider.System, null, cancellation);

    /// <summary>Registers a user on the free plan; a taken e-mail is a conflict.</summary>
    public Task<Result<Principal>> RegisterAsync(Client.Register request, CancellationToken cancellation = default) =>
        Registration.RegisterAsync(request, cancellation);

    /// <summary>A unit of work for somebody who has signed in.</summary>
    public Workspace As(Principal principal) => new(this, principal);

    /// <summary>A unit of work for a user, for code that needs no sign-in; <c>null</c> when there is no such user.</summary>
    public async Task<Workspace?> AsAsync(Guid userId, CancellationToken cancellation = default) =>
        await Principals.UserAsync(userId, cancellation) is { } principal ? As(principal) : null;

    /// <summary>32 bytes for one purpose of the application around it, the same on every node; they say nothing about other keys.</summary>
    public byte[] DeriveKey(string purpose) => secrets.Derive($"application/{purpose}");

    /// <summary>
    /// Works off what users have asked for in the background, such as imports, until it is stopped. The server does this;
    /// an application that embeds CallAgent runs it once. Several nodes share the work.
    /// </summary>
    /// <param name="failed">Told of each failure, to log it; the work is repeated.</param>
    /// <param name="cancellation">Stops it; what is half done is left to the next.</param>
    public Task RunJobsAsync(Action<Exception> failed, CancellationToken cancellation) => new JobWorker(this, failed).RunAsync(cancellation);

    /// <summary>Whether the database answers.</summary>
    public Task<bool> IsReadyAsync(CancellationToken cancellation = default) => Database.AnswersAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        Principals.Dispose();
        Jobs.Dispose();
        await Database.DisposeAsync();
    }

    internal static async Task<CallAgentHost> StartAsync(
        CallAgentSettings settings, TimeProvider clock, Action<DbContextOptionsBuilder>? configure, CancellationToken cancellation)
    {
        settings.CheckRedis();
        var secrets = settings.LoadSecrets();
        var database = await DatabaseStart.ForServingAsync(settings, clock, cancellation, configure);
        return new CallAgentHost(database, secrets, clock);
    }
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
            provider.GetService<TimeProvider>()).GetAwaiter().GetResult());
}
