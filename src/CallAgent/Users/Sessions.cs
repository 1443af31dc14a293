using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Where a sign-in comes from, as far as it says.</summary>
public sealed record SignInOrigin(string? UserAgent, string? Address, string? DeviceToken = null)
{
    private const int LongestUserAgent = 300;

    // The first that fits: most browsers also name others.
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Sign, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>What is kept of the browser's own description.</summary>
    internal string? KeptUserAgent =>
        Text.Blank(UserAgent) is { } text && Validation.OfText(text) is null ? text[..Math.Min(text.Length, LongestUserAgent)] : null;

    /// <summary>A browser and system in words.</summary>
    internal static string? Device(string? userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        (null, null) => null,
        ({ } browser, null) => browser,
        (null, { } system) => system,
        var (browser, system) => $"{browser} on {system}",
    };

    private static string? Find((string Sign, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(k => userAgent?.Contains(k.Sign, StringComparison.Ordinal) == true).Name;
}

/// <summary>The signed-in member's own sessions; another member's are no more to be seen than another user's.</summary>
public sealed class Sessions
{
    internal static readonly TimeSpan Life = TimeSpan.FromDays(30);
    internal static readonly TimeSpan IdleLife = TimeSpan.FromDays(14);

    // A session is begun and ends, and has one version.
    private const int NeverChanged = 1;

    internal static readonly Listing<Session> Listing = new Listing<Session>("sessions").SortByCreation(s => s.Id);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal Sessions(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    private IQueryable<Session> Own(IQueryable<Session> rows)
    {
        var me = workspace.Principal.MemberId;
        return rows.Where(s => s.MemberId == me);
    }

    public Task<Result<Client.Page<Client.Session>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        var (now, idleSince) = (workspace.Now, workspace.Now - IdleLife);
        return Listing.ReadAsync(
            Db, workspace.Host.Cursors, query ?? new(), s => s.ToRecord(workspace.Principal.CredentialId), cancellation,
            part: $"{workspace.Principal.MemberId} ", within: rows => Own(rows).Where(s => s.ExpiresAt > now && s.LastSeenAt > idleSince));
    }

    /// <summary>Ends one session, whoever has its cookie.</summary>
    public async Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        var ended = await Own(Db.Sessions).Where(s => s.Id == id).Select(s => s.Hash).ToListAsync(cancellation);
        if (ended.Count > 0 && workspace.Check(NeverChanged) is { } stale)
        {
            return stale;
        }
        if (await Own(Db.Sessions).Where(s => s.Id == id).ExecuteDeleteAsync(cancellation) > 0)
        {
            Db.Audit(Client.AuditKind.SignIn, AuditActions.SessionDelete, id);
            await Db.SaveChangesAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        ended.ForEach(workspace.Host.Principals.ForgetCredential<Session>);
        return ended.Count > 0 ? null : Problem.NotFound;
    }

    /// <summary>
    /// Ends the sign-in that the caller came by: a session at once, whoever has its cookie; of an access token the refresh
    /// token, while the access token lives out its minutes. An API key ends when it is deleted.
    /// </summary>
    public Task EndOwnAsync(CancellationToken cancellation = default) => workspace.Principal switch
    {
        { Kind: CredentialKind.Session, CredentialId: { } session } => DeleteAsync(session, cancellation),
        { Kind: CredentialKind.AccessToken, CredentialId: { } family } => EndTokensAsync(family, cancellation),
        _ => Task.CompletedTask,
    };

    private async Task EndTokensAsync(Guid family, CancellationToken cancellation)
    {
        var me = workspace.Principal.MemberId;
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        int ended = 0, found;
        do
        {
            // A token that is being taken is waited for, and the one that follows it is seen by the next look only.
            found = await Db.RefreshTokens.Where(t => t.MemberId == me && t.Family == family).ExecuteDeleteAsync(cancellation);
            ended += found;
        }
        while (found > 0);
        if (ended > 0)
        {
            Db.Audit(Client.AuditKind.SignIn, AuditActions.SessionDelete, family, details: new { tokens = true });
            await Db.SaveChangesAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Ends every sign-in of every member, for an operator: sessions, refresh tokens, and within seconds the access tokens made
    /// before. API keys stay.
    /// </summary>
    /// <returns>How many sessions there were.</returns>
    public async Task<int> DeleteAllAsync(CancellationToken cancellation = default)
    {
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        // First, as in Member.HoldAsync.
        await Db.Members.ExecuteUpdateAsync(s => s
            .SetProperty(m => m.CredentialVersion, m => m.CredentialVersion + 1).SetProperty(m => m.Version, m => m.Version + 1), cancellation);
        var ended = await Db.Sessions.Select(s => s.Hash).ToListAsync(cancellation);
        await Db.Sessions.ExecuteDeleteAsync(cancellation);
        await Db.RefreshTokens.ExecuteDeleteAsync(cancellation);
        Db.Audit(Client.AuditKind.SignIn, AuditActions.SessionDelete, details: new { sessions = ended.Count, members = "all", tokens = true });
        await Db.SaveChangesAsync(cancellation);
        var members = await Db.Members.Select(m => m.Id).ToListAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        ended.ForEach(workspace.Host.Principals.ForgetCredential<Session>);
        members.ForEach(m => workspace.Host.Principals.ForgetMember(workspace.Principal.UserId, m));
        return ended.Count;
    }

    /// <summary>Ends all sessions but this one, and with them the access and refresh tokens of programs.</summary>
    public async Task DeleteOthersAsync(CancellationToken cancellation = default)
    {
        var (me, current) = (workspace.Principal.MemberId, workspace.Principal.CredentialId);
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        if (me is { } own)
        {
            await Member.HoldAsync(Db, own, cancellation);
        }
        var others = Own(Db.Sessions).Where(s => s.Id != current);
        var ended = await others.Select(s => s.Hash).ToListAsync(cancellation);
        await others.ExecuteDeleteAsync(cancellation);
        await Db.RefreshTokens.Where(t => t.MemberId == me).ExecuteDeleteAsync(cancellation);
        if (workspace.Principal.Kind == CredentialKind.Session)
        {
            // Access tokens name the version that they were made under. One that asks for this itself lives out its minutes.
            await Db.Members.Where(m => m.Id == me).ExecuteUpdateAsync(s => s
                .SetProperty(m => m.CredentialVersion, m => m.CredentialVersion + 1).SetProperty(m => m.Version, m => m.Version + 1), cancellation);
        }
        Db.Audit(Client.AuditKind.SignIn, AuditActions.SessionDelete, details: new { sessions = ended.Count, except = current, tokens = true });
        await Db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        ended.ForEach(workspace.Host.Principals.ForgetCredential<Session>);
        if (me is { } member)
        {
            workspace.Host.Principals.ForgetMember(workspace.Principal.UserId, member);
        }
    }
}
