using System.ComponentModel;
using CallAgent.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

/// <summary>The operator's routes: users with their usage, and what may be done to them.</summary>
internal static partial class OperatorApi
{
    public static void MapOperator(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/operator/users").WithTags("Operator").WithMetadata(new OperatorRoute())
            .RequireAuthorization(new AuthorizationPolicyBuilder(OperatorHandler.SchemeName).RequireAuthenticatedUser().Build());
        users.WithoutUnknownParameters().AddEndpointFilter(NoteAsync);

        users.MapGet("/", async (
                CallAgentHost host, CancellationToken c,
                [Description("Part of the owner's e-mail or of the company.")] string? q = null,
                [Description("The next_cursor of the page before.")] string? cursor = null,
                [Description("Users in a page, 1 to 200.")] int limit = 50) =>
                Answers.Of(await Of(host).PageAsync(q, cursor, limit, c)))
            .WithName("ListOperatedUsers").WithSummary("List users with their usage")
            .WithDescription("In the order of their registration. `q` is a part of the owner's e-mail or of the company.");
        users.MapGet("/{id:guid}", async (Guid id, CallAgentHost host, CancellationToken c) => Answers.Found(await Of(host).FindAsync(id, c)))
            .WithName("GetOperatedUser").WithSummary("Get a user with its usage");
        users.MapGet("/{id:guid}/members", async (Guid id, CallAgentHost host, CancellationToken c) =>
                Answers.Of(PageOf(await Of(host).MembersAsync(id, c))))
            .WithName("ListOperatedMembers").WithSummary("List the members of a user");
        users.MapPatch("/{id:guid}", async (Guid id, ChangePlan request, CallAgentHost host, HttpContext http, CancellationToken c) =>
                Answers.Of(await Of(host).SetPlanAsync(id, request.Plan, Me(http), c)))
            .WithName("ChangePlan").WithSummary("Put a user on another plan").WithDescription("In force within five seconds. Nothing is deleted when it holds more than the plan allows.");
        users.MapPost("/{id:guid}/suspend", async (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
                Answers.Of(await Of(host).SetStatusAsync(id, UserStatus.Suspended, Me(http), c)))
            .WithName("SuspendUser").WithSummary("Suspend a user").WithDescription("Every way of signing in ends within five seconds; nothing is deleted.");
        users.MapPost("/{id:guid}/reactivate", async (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
                Answers.Of(await Of(host).SetStatusAsync(id, UserStatus.Active, Me(http), c)))
            .WithName("ReactivateUser").WithSummary("Let a suspended user in again");
        users.MapPost("/{id:guid}/members/{memberId:guid}/reset-two-factor", ResetTwoFactorAsync)
            .WithName("ResetTwoFactor").WithSummary("Take a lost second factor away")
            .WithDescription("The member signs in by the password alone, and is told so by mail.");
        users.MapImpersonations();
        users.MapDelete("/{id:guid}", EraseAsync).WithName("EraseUser").WithSummary("Erase a user")
            .WithDescription("With everything it has. There is no way back; the answer is a signed certificate.");
    }

    private static void MapImpersonations(this RouteGroupBuilder users)
    {
        users.MapPost("/{id:guid}/impersonate", async (Guid id, BeginImpersonation request, CallAgentHost host, HttpContext http, CancellationToken c) =>
                Answers.Of(await Of(host).Impersonations.BeginAsync(id, request, Me(http), c)))
            .WithName("Impersonate").WithSummary("Work within a user for a while")
            .WithDescription("Answers a link for a browser, which serves once and for ten minutes. There the operator sees and works as an agent does: no campaigns, members, "
                + "keys, exports, passwords or the account itself. The user's audit log has the reason, the end and all that is done.");
        users.MapGet("/{id:guid}/impersonations", async (Guid id, CallAgentHost host, CancellationToken c) =>
                new Page<Impersonation> { Data = await Of(host).Impersonations.ListAsync(id, c), HasMore = false })
            .WithName("ListImpersonations").WithSummary("List operators within a user now");
        users.MapDelete("/{id:guid}/impersonations", async (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
            {
                await Of(host).Impersonations.EndAsync(id, Me(http), c);
                return TypedResults.NoContent();
            })
            .WithName("EndImpersonations").WithSummary("End all impersonations of a user").WithDescription("At once, whoever began them.");
    }

    // The policy lets nobody in where there is no such connection.
    private static Operators Of(CallAgentHost host) => host.Operators!;

    private static OperatorAccount Me(HttpContext http) => http.Features.GetRequiredFeature<OperatorAccount>();

    private static async Task<Results<NoContent, ProblemAnswer>> ResetTwoFactorAsync(
        Guid id, Guid memberId, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        // As that user's own unit of work, so that a member of another is not found.
        await using var workspace = await host.AsOperatorAsync(id, Me(http), cancellation);
        return Answers.Nothing(workspace is null ? Problem.NotFound : await workspace.TwoFactor.ResetAsync(memberId, cancellation));
    }

    private static async Task<Results<Ok<ErasureCertificate>, ProblemAnswer>> EraseAsync(Guid id, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        await using var workspace = await host.AsOperatorAsync(id, Me(http), cancellation);
        return workspace is null ? Problem.NotFound.ToAnswer() : TypedResults.Ok(await workspace.Account.EraseAsync(cancellation));
    }

    private static Result<Page<Client.Member>> PageOf(Result<IReadOnlyList<Client.Member>> members) =>
        members.Problem is { } problem ? problem : new Page<Client.Member> { Data = members.Value, HasMore = false };

    /// <summary>Logs what an operator changed.</summary>
    internal static async ValueTask<object?> NoteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var result = await next(context);
        if (!HttpMethods.IsGet(http.Request.Method) && (result is INestedHttpResult nested ? nested.Result : result) is not IStatusCodeHttpResult { StatusCode: >= 400 })
        {
            var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("CallAgent.Operator");
            LogDone(log, http.Features.Get<OperatorAccount>()!.Name, http.Request.Method, http.Request.Path);
        }
        return result;
    }

    [LoggerMessage(LogLevel.Information, "Operator {Operator}: {Method} {Path}")]
    private static partial void LogDone(ILogger log, string @operator, string method, string path);
}
