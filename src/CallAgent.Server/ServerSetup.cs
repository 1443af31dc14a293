using CallAgent.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;

namespace CallAgent.Server;

/// <summary>What the server is made of, and the order in which a request passes through it.</summary>
internal static class ServerSetup
{
    public static void AddCallAgentServer(this WebApplicationBuilder builder)
    {
        var settings = CallAgentSettings.FromEnvironment(builder.Environment.IsDevelopment());
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls("http://localhost:5000");
        }
        // Serving files as they are changed brings a route of its own to every path, which makes "not that method" of "not found".
        builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
        ListenAddresses.Check(builder.Configuration[WebHostDefaults.ServerUrlsKey]);
        var operation = OperationSettings.FromEnvironment(builder.Environment.IsDevelopment());
        if (operation.MetricsUrl is { } metrics)
        {
            builder.WebHost.UseUrls($"{builder.Configuration[WebHostDefaults.ServerUrlsKey]};{metrics}");
        }
        builder.AddTelemetry(operation);
        Proxies.RefuseTrustInAll(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            RequestLimits.Apply(kestrel.Limits);
        });
        builder.Services
            .AddCallAgent(settings)
            .AddSingleton(operation)
            .AddSingleton<Draining>()
            .AddSingleton<IHostLifetime>(services => services.GetRequiredService<Draining>())
            .AddSingleton(Surroundings.Of(settings))
            .AddCors()
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
            .AddHostedService<OperatorUpkeep>()
            .AddAuthentication(CredentialHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OperatorHandler>(OperatorHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, ConsoleHandler>(ConsoleHandler.SchemeName, null);
    }

    /// <summary>
    /// Opens the database, to be awaited before the server listens: a wrong setting, or a database that does not keep
    /// users apart, stops the start. On a thread of its own, because making the routes takes as long.
    /// </summary>
    public static Task OpenDatabaseAsync(this WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() => Announce(app));
        return Task.Run(app.Services.GetRequiredService<CallAgentHost>);
    }

    public static void UseCallAgent(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseHeadRequests();
        app.UseDraining();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(ErrorHandler.WriteStatusAsync);
        app.UseSecurityHeaders();
        app.UseRequestLimits();
        app.UseHttpsOnly();
        app.UseMetrics();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseRequestAudit();
        app.UseOtherSites();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseAuthorization();
        app.UseCrossSiteCheck();
        app.UseRecentSignIn();
        app.UseIdempotencyKeys();
        MapRoutes(app);
    }

    private static void MapRoutes(WebApplication app)
    {
        // Closed unless a route opens itself: one that forgets to say what it needs still needs a sign-in.
        var routes = app.MapGroup("").RequireAuthorization();
        MapApi(routes.MapGroup("").WithConditions().WithoutUnknownParameters().WithoutUnaskedBodies());
        routes.MapLive();
        routes.MapApiDocument();
        // Outside of the users' routes: it is no user's credential that opens these.
        app.MapOperator();
        app.MapConsole();
        app.MapStaticAssets();
        app.MapHealth();
        MapPages(routes.MapPageGroup());
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapAuth();
        api.MapRecovery();
        api.MapSessions();
        api.MapTwoFactor();
        api.MapApiKeys();
        api.MapMembers();
        api.MapInvitations();
        api.MapCampaigns();
        api.MapContacts();
        api.MapCalls();
        api.MapConversations();
        api.MapDashboard();
        api.MapImports();
        api.MapExports();
        api.MapAudit();
    }

    private static void MapPages(RouteGroupBuilder pages)
    {
        pages.MapSignInPages();
        pages.MapRecoveryPages();
        pages.MapJoinPages();
        pages.MapWelcomePages();
        pages.MapDashboardPages();
        pages.MapContactPages();
        pages.MapImportPages();
        pages.MapCampaignPages();
        pages.MapCallPages();
        pages.MapConversationPages();
        pages.MapSettingsPages();
        pages.MapSecurityPages();
        pages.MapKeyPages();
        pages.MapMemberPages();
        pages.MapStepUpPages();
        pages.MapAuditPages();
        pages.MapImpersonationPages();
    }

    private static void Announce(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is null)
        {
            return;
        }
        var database = app.Services.GetRequiredService<CallAgentHost>().IsPostgres ? "PostgreSQL with row-level security" : "SQLite";
        Console.WriteLine($"\n  CallAgent is ready at {address} on {database}.\n");
        if (app.Environment.IsDevelopment())
        {
            Console.WriteLine($"""
                    {address}/            the CRM: sign up, and look around
                    {address}/docs        the API, to read and to try
                    dotnet run --project src/CallAgent.Cli -- demo      two companies with data, to look around in

                """);
        }
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
