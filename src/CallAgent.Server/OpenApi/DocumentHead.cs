using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>What the document says of the API as a whole.</summary>
internal static class DocumentHead
{
    private const string Description = """
        The multi-tenant CRM for phone campaigns. Everything belongs to the signed-in user (the tenant); another user's ids
        answer 404, exactly as ids that never existed.

        Sign in by a session cookie (`POST /api/auth/login`), an access token (`POST /api/auth/token`) or an API key
        (`POST /api/api-keys`). Lists are pages: follow `next_cursor` until `has_more` is false. Errors are
        `application/problem+json` (RFC 9457) with a stable `type`, and `errors` by field for a 400.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Sign-in", "Register, log in and out, tokens, the own profile and account."),
        ("Team", "The members of the account, and invitations to become one."),
        ("API keys", "Keys by which machines sign in."),
        ("Campaigns", "Campaigns with stages and scripts: what to say, and when to move on."),
        ("Contacts", "The people to call."),
        ("Imports", "Files of contacts: uploaded, looked at, run, and undone where that is wanted."),
        ("Calls", "Calls from scheduling to their end."),
        ("Conversations", "What was said, turn by turn, and what was found in it."),
        ("Audit log", "Who did what: writes, reads of personal data, refusals and sign-ins."),
        ("Dashboard", "Totals, trends and use of the plan."),
        ("Operator", "For those who run the installation: by an operator's token, and by no user's credential."),
        ("Health", "For load balancers and monitors."),
    ];

    public static Task ApplyAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new() { Title = "CallAgent", Version = "1", Description = Description, License = new() { Name = "MIT", Identifier = "MIT" } };
        document.Servers = [new() { Url = "/" }];
        document.Tags = new SortedSet<OpenApiTag>(
            Tags.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }), Comparer<OpenApiTag>.Create(InOrder));
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["cookie"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "callagent_session",
                Description = "Set by register and login; over HTTPS its name begins with __Host-.",
            },
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token, or an API key.",
            },
            ["operator"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "co_…",
                Description = "An operator's token: callagent operators add NAME.",
            },
            ["api_key"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-API-Key",
                Description = "An API key.",
            },
        };
        return Task.CompletedTask;
    }

    private static int InOrder(OpenApiTag a, OpenApiTag b) =>
        Array.FindIndex(Tags, t => t.Name == a.Name).CompareTo(Array.FindIndex(Tags, t => t.Name == b.Name));
}
