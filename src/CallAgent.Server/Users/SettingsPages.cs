using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The signed-in member's profile and password, the account's keys, and its end.</summary>
internal static class SettingsPages
{
    public static void MapSettingsPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings", async (Workspace w, CancellationToken c) =>
        {
            var profile = await w.Account.ProfileAsync(c);
            return PageRoutes.Show<SettingsProfile>(new { Profile = profile, Form = SettingsForm.Of(profile) });
        }).Needs(Permission.Read);
        pages.MapPost("/settings", SaveAsync).Needs(Permission.Manage);

        pages.MapGet("/settings/password", () => PageRoutes.Show<SettingsPassword>()).Needs(Permission.Read);
        pages.MapPost("/settings/password", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.Account.ChangePasswordAsync(new() { CurrentPassword = form["current_password"], NewPassword = form["new_password"] }, c) is { } problem
                    ? PageRoutes.Show<SettingsPassword>(new { Problem = problem }, problem.Status)
                    : PageRoutes.Go("/settings/password", "Your password is changed. You are signed out everywhere else."))
            .Needs(Permission.Read);

        pages.MapKeyPages();

        pages.MapGet("/settings/account", async (Workspace w, CancellationToken c) => PageRoutes.Show<SettingsAccount>(new { Profile = await w.Account.ProfileAsync(c) }))
            .Needs(Permission.Read);
        pages.MapPost("/settings/account/erase", EraseAsync).Needs(Permission.Own);
    }

    private static void MapKeyPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings/keys", async (PageList list, HttpContext context, Workspace w, CancellationToken c) =>
                PageRoutes.ShowResult<SettingsKeys, Page<Client.ApiKey>>(await w.ApiKeys.ListAsync(list.Query, c), page => new { Page = page, Site = SiteOf(context.Request) }))
            .Needs(Permission.Manage).WithMetadata(CallAgent.ApiKeys.Parameters);

        // The key is part of this answer and of no other, so that nothing is redirected to.
        pages.MapPost("/settings/keys", async (PageForm form, HttpContext context, Workspace w, CancellationToken c) =>
        {
            var created = await w.ApiKeys.CreateAsync(new() { Name = form["name"] }, c);
            var page = (await w.ApiKeys.ListAsync(new() { Limit = PageList.Rows }, c)).OrThrow();
            return created.Problem is { } problem
                ? PageRoutes.Show<SettingsKeys>(new { Page = page, Site = SiteOf(context.Request), Form = form, Problem = problem }, problem.Status)
                : PageRoutes.Show<SettingsKeys>(new { Page = page, Site = SiteOf(context.Request), Created = created.Value });
        }).Needs(Permission.Manage);

        pages.MapPost("/settings/keys/{id:guid}/revoke", async (Guid id, Workspace w, CancellationToken c) =>
                await w.ApiKeys.DeleteAsync(id, c) is { } problem ? PageRoutes.ShowProblem(problem) : PageRoutes.Go("/settings/keys", "The key is revoked."))
            .Needs(Permission.Manage);
    }

    private static async Task<IResult> SaveAsync(PageForm form, Workspace w, CancellationToken cancellation)
    {
        var updated = await w.Account.UpdateAsync(SettingsForm.ToUpdate(form), cancellation);
        return updated.Problem is { } problem
            ? PageRoutes.Show<SettingsProfile>(
                new { Profile = await w.Account.ProfileAsync(cancellation), Form = form, Problem = SettingsForm.AtFields(problem) }, problem.Status)
            : PageRoutes.Go("/settings", "Saved.");
    }

    private static async Task<IResult> EraseAsync(PageForm form, HttpContext context, Workspace w, CancellationToken cancellation)
    {
        var profile = await w.Account.ProfileAsync(cancellation);
        var erased = string.Equals(form.Text("confirmation"), profile.Email, StringComparison.OrdinalIgnoreCase)
            ? await w.Account.DeleteAsync(new() { Password = form["password"] }, cancellation)
            : Problem.Invalid("confirmation", "Is not your e-mail address.");
        if (erased.Problem is { } problem)
        {
            return PageRoutes.Show<SettingsAccount>(new { Profile = profile, Form = form, Problem = problem }, problem.Status);
        }
        SessionCookie.Remove(context);
        context.Features.Set<Principal>(null);
        return PageRoutes.Show<Erased>(new { Certificate = erased.Value });
    }

    private static string SiteOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}

/// <summary>Profile and settings as a form sends them.</summary>
internal static class SettingsForm
{
    private const string Settings = "settings.";

    public static PageForm Of(Profile profile) => new(new Dictionary<string, string?>
    {
        ["first_name"] = profile.FirstName,
        ["last_name"] = profile.LastName,
        ["company_name"] = profile.CompanyName,
        ["phone_number"] = profile.PhoneNumber,
        ["default_region"] = profile.Settings.DefaultRegion,
        ["time_zone"] = profile.Settings.TimeZone,
    });

    public static UpdateProfile ToUpdate(PageForm form) => new()
    {
        FirstName = form.Text("first_name"),
        LastName = form.Text("last_name"),
        CompanyName = form.Text("company_name"),
        PhoneNumber = form.Text("phone_number"),
        Settings = new UserSettings { DefaultRegion = form.Text("default_region"), TimeZone = form.Text("time_zone") },
    };

    /// <summary>The settings stand on the form's own level.</summary>
    public static Problem AtFields(Problem problem) => problem.Errors is not { } errors ? problem : problem with
    {
        Errors = errors.ToDictionary(e => e.Key.StartsWith(Settings, StringComparison.Ordinal) ? e.Key[Settings.Length..] : e.Key, e => e.Value),
    };
}
