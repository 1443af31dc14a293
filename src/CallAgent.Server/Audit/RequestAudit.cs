using System.Diagnostics;

namespace CallAgent.Server;

/// <summary>Tells the audit log where a request comes from, and which requests were refused.</summary>
internal static class RequestAudit
{
    public static void UseRequestAudit(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        RequestOrigin.Current = new(Origins.Address(context)?.ToString(), Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        await next(context);
        if (context.Response.StatusCode is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound && context.Features.Get<Principal>() is { } principal)
        {
            AuditRefusal(context, principal);
        }
    });

    // Whether what is not there is another user's or never was is not known here either.
    private static void AuditRefusal(HttpContext context, Principal principal)
    {
        var endpoint = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var id = context.Request.RouteValues.TryGetValue("id", out var value) && Guid.TryParse(value?.ToString(), out var parsed) ? parsed : (Guid?)null;
        if (endpoint is not null && (id is not null || context.Response.StatusCode == StatusCodes.Status403Forbidden))
        {
            context.RequestServices.GetRequiredService<CallAgentHost>()
                .AuditRefusal(principal, context.Response.StatusCode, $"{context.Request.Method} /{endpoint.Trim('/')}", id);
        }
    }
}
