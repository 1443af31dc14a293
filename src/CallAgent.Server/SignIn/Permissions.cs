using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>What a route or page may need.</summary>
internal enum Permission
{
    /// <summary>Look after oneself: name, password, sessions, leaving the team.</summary>
    Self,

    /// <summary>See the account's data.</summary>
    Read,

    /// <summary>Do the daily work: contacts, calls, conversations.</summary>
    Work,

    /// <summary>Change campaigns, members, keys and the account's profile.</summary>
    Manage,

    /// <summary>What only the owner may: pass the ownership on, export or erase the account.</summary>
    Own,
}

/// <summary>A route's declaration of what it needs.</summary>
internal sealed record NeedsPermission(Permission Permission);

/// <summary>
/// The policy: which role may what. Every route names its permission; a test finds those that do not, another tries
/// every route as every role, a third compares this table with the one in docs/access.md.
/// </summary>
internal static class Permissions
{
    private static readonly Dictionary<Permission, MemberRole[]> Policy = new()
    {
        [Permission.Self] = [MemberRole.Viewer, MemberRole.Agent, MemberRole.Admin, MemberRole.Owner],
        [Permission.Read] = [MemberRole.Viewer, MemberRole.Agent, MemberRole.Admin, MemberRole.Owner],
        [Permission.Work] = [MemberRole.Agent, MemberRole.Admin, MemberRole.Owner],
        [Permission.Manage] = [MemberRole.Admin, MemberRole.Owner],
        [Permission.Own] = [MemberRole.Owner],
    };

    // What an operator at work within a user may, of what its role lets do: never what touches a sign-in.
    private static readonly Permission[] OfImpersonation = [Permission.Read, Permission.Work];

    public static bool Allows(MemberRole role, Permission permission) => Policy[permission].Contains(role);

    public static bool Allows(Principal principal, Permission permission) =>
        Allows(principal.Role, permission) && (principal.Kind != CredentialKind.Impersonation || OfImpersonation.Contains(permission));

    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var permission in Enum.GetValues<Permission>())
        {
            authorization.AddPolicy(permission.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(
                c => c.Resource is HttpContext http && http.Features.Get<Principal>() is { } principal && Allows(principal, permission)
                    && MissingScope(http, principal) is null && !TakesDataOut(http, principal)));
        }
        return services;
    }

    // Looking at what somebody asks about is one thing, a file of everything another.
    private static bool TakesDataOut(HttpContext http, Principal principal) =>
        principal.Kind == CredentialKind.Impersonation && http.GetEndpoint()?.Metadata.GetMetadata<TakesDataOut>() is not null;

    /// <summary>The scope that an API key lacks for a request; empty when no key may; <c>null</c> when nothing is missing.</summary>
    public static string? MissingScope(HttpContext http, Principal principal)
    {
        if (principal.Scopes is not { } scopes)
        {
            return null;
        }
        var endpoint = (RouteEndpoint?)http.GetEndpoint();
        var needed = ScopeOf("/" + endpoint?.RoutePattern.RawText?.Trim('/'), http.Request.Method);
        if (endpoint?.Metadata.GetMetadata<NeedsPermission>() is { Permission: Permission.Self } || needed is null)
        {
            return "";
        }
        return ApiScopes.Allow(scopes, needed) ? null : needed;
    }

    /// <summary>
    /// The scope of a route: what its path names, and whether it is read or written; <c>null</c> when there is none, as for pages,
    /// by which a key could do what the API refuses it.
    /// </summary>
    public static string? ScopeOf(string pattern, string method)
    {
        var resource = pattern.Split('/') switch
        {
            ["", "api", "auth", var own, ..] => own,
            ["", "api", var named, ..] => named,
            _ => "",
        };
        var scope = $"{resource}:{(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? "read" : "write")}";
        return ApiScopes.All.Contains(scope) ? scope : null;
    }

    /// <summary>Declares the permission that a route needs.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(permission.ToString()).WithMetadata(new NeedsPermission(permission));
}
