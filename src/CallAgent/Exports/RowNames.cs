using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// For people who open a list as a table: beside the ids of a row, whom and which campaign it was about. A key that may not read
/// contacts, or campaigns, leaves those cells empty.
/// </summary>
internal sealed class RowNames(Workspace workspace)
{
    public static IReadOnlyList<string> Header { get; } = ["contact_name", "campaign_name"];

    /// <summary>The cells of each row, in the rows' order.</summary>
    public async Task<IReadOnlyList<string[]>> OfAsync(IReadOnlyList<(Guid Contact, Guid? Campaign)> rows, CancellationToken cancellation)
    {
        var contactIds = rows.Select(r => r.Contact).Distinct().ToArray();
        var campaignIds = rows.Select(r => r.Campaign).OfType<Guid>().Distinct().ToArray();
        var contacts = May("contacts:read")
            ? await workspace.Db.Contacts.Where(c => contactIds.Contains(c.Id)).Select(c => new { c.Id, c.FirstName, c.LastName, c.Company, c.PhoneNumber })
                .ToDictionaryAsync(c => c.Id, c => Text.Blank($"{c.FirstName} {c.LastName}".Trim()) ?? Text.Blank(c.Company) ?? c.PhoneNumber, cancellation)
            : [];
        var campaigns = May("campaigns:read") && campaignIds.Length > 0
            ? await workspace.Db.Campaigns.Where(c => campaignIds.Contains(c.Id)).Select(c => new { c.Id, c.Name }).ToDictionaryAsync(c => c.Id, c => c.Name, cancellation)
            : [];
        return [.. rows.Select(r => new[]
        {
            contacts.GetValueOrDefault(r.Contact, ""), r.Campaign is { } id ? campaigns.GetValueOrDefault(id, "") : "",
        })];
    }

    private bool May(string scope) => workspace.Principal.Scopes is not { } scopes || ApiScopes.Allow(scopes, scope);
}
