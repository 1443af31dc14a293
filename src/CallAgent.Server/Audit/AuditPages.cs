using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The audit log, for those who manage the account.</summary>
internal static class AuditPages
{
    public static void MapAuditPages(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/settings/audit", ShowAsync).Needs(Permission.Manage).WithMetadata(AuditLog.Parameters);

    private static async Task<IResult> ShowAsync(PageList list, Visitor visitor, Workspace w, CallAgentHost host, CancellationToken cancellation)
    {
        var query = list.Query with { Filters = InTime(list.Query.Filters, visitor) };
        var chain = await w.Audit.ChainAsync(cancellation);
        var inside = host.Operators is { } operators ? await operators.Impersonations.ListAsync(w.Principal.UserId, cancellation) : [];
        return PageRoutes.ShowResult<SettingsAudit, Page<AuditEntry>>(
            await w.Audit.ListAsync(query, cancellation), page => new { Page = page, Query = query, Chain = chain, Inside = inside });
    }

    // The form asks for days, both of them included.
    private static Dictionary<string, string> InTime(IReadOnlyDictionary<string, string> filters, Visitor visitor) => filters.ToDictionary(f => f.Key, f =>
        f.Key is "from" or "to" && DateOnly.TryParseExact(f.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && visitor.ReadLocal($"{(f.Key == "to" && day < DateOnly.MaxValue ? day.AddDays(1) : day):yyyy-MM-dd}T00:00") is { } time
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : f.Value);
}
