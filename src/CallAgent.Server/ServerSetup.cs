using CallAgent.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;

namespace CallAgent.Server;

/// <summary>What the server is made of, and the order in which a request passes through it.</summary>
internal static class ServerSetup
{
    private const long LargestBody = 1024 * 1024;

    public static void AddCallAgentServer(this WebApplicationBuilder builder)
    {
        var settings = CallAgentSettings.FromEnvironment(builder.Environment.IsDevelopment());
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls("http://localhost:5000");
        }
        ListenAddresses.Check(builder.Configuration[WebHostDefaults.ServerUrlsKey]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services
            .AddCallAgent(settings)
            .AddHttpContextAccessor()
            .AddScoped(Workspaces.OfRequest)
            .Configure<JsonOptions>(o => CallAgentJson.Apply(o.SerializerOptions))
            .Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true)
            .AddExceptionHandler<ErrorHandler>()
            .AddApiDocument()
            .AddPages()
            .AddPermissions()
            .AddRateLimits(settings)
            .AddHostedService<JobService>()
            .AddAuthentication(CredentialHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OperatorHandler>(OperatorHandler.SchemeName, null);
    }

    /// <summary>Opens the database before the first request, so that a wrong setting stops the start.</summary>
    public static void OpenDatabase(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<CallAgentHost>();
        app.Lifetime.ApplicationStarted.Register(() => Announce(app));
    }

    public static void UseCallAgent(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(ErrorHandler.WriteStatusAsync);
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseAuthorization();
        app.UseCrossSiteCheck();
        app.UseIdempotencyKeys();
        MapRoutes(app);
    }

    private static void MapRoutes(WebApplication app)
    {
        // Closed unless a route opens itself: one that forgets to say what it needs still needs a sign-in.
        var routes = app.MapGroup("").RequireAuthorization();
        routes.MapAuth();
        routes.MapRecovery();
        routes.MapSessions();
        routes.MapTwoFactor();
        routes.MapApiKeys();
        routes.MapMembers();
        routes.MapInvitations();
        routes.MapCampaigns();
        routes.MapContacts();
        routes.MapCalls();
        routes.MapConversations();
        routes.MapDashboard();
        routes.MapLive();
        routes.MapImports();
        routes.MapExports();
        routes.MapHealth();
        routes.MapApiDocument();
        // Outside of the users' routes: it is no user's credential that opens these.
        app.MapOperator();
        app.MapStaticAssets();
        MapPages(routes.MapPageGroup());
    }

    private static void MapPages(RouteGroupBuilder pages)
    {
        pages.MapSignInPages();
        pages.MapWelcomePages();
        pages.MapDashboardPages();
        pages.MapContactPages();
        pages.MapImportPages();
        pages.MapCampaignPages();
        pages.MapCallPages();
        pages.MapConversationPages();
        pages.MapSettingsPages();
    }

    private static void Announce(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is null)
        {
            return;
        }
        var database = app.Services.GetRequiredService<CallAgentHost>().IsPostgres ? "PostgreSQL with row-level security" : "SQLite";
        Console.WriteLine($"""

              CallAgent is ready at {address} on {database}.

                {address}/            the CRM: sign up, and look around
                {address}/docs        the API, to read and to try
                dotnet run --project src/CallAgent.Cli -- demo      two companies with data, to look around in

            """);
    }
}

/// <summary>Opens the unit of work that belongs to the signed-in caller of a request.</summary>
internal static class Workspaces
{
    public static Workspace OfRequest(IServiceProvider services)
    {
        var context = services.GetRequiredService<IHttpContextAccessor>().HttpContext;
        var principal = context?.Features.Get<Principal>() ?? throw new InvalidOperationException("A workspace was asked for before sign-in.");
        return services.GetRequiredService<CallAgentHost>().As(principal);
    }
}
