using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The signed-in member's profile, the company, and the account's end.</summary>
internal static class SettingsPages
{
    public static void MapSettingsPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings", async (Workspace w, CancellationToken c) =>
        {
            var profile = await w.Account.ProfileAsync(c);
            return PageRoutes.Show<SettingsProfile>(new { Profile = profile, Form = SettingsForm.Of(profile) });
        }).Needs(Permission.Read);
        pages.MapPost("/settings", (PageForm form, Workspace w, CancellationToken c) => SaveAsync(form, w, w.Account.UpdateAsync(SettingsForm.ToUpdate(form), c), c))
            .Needs(Permission.Manage);
        pages.MapPost("/settings/name", (PageForm form, Workspace w, CancellationToken c) => SaveAsync(form, w, w.Account.RenameAsync(SettingsForm.ToName(form), c), c))
            .Needs(Permission.Self);

        pages.MapGet("/settings/account", async (Workspace w, CancellationToken c) => PageRoutes.Show<SettingsAccount>(new { Profile = await w.Account.ProfileAsync(c) }))
            .Needs(Permission.Read);
        pages.MapPost("/settings/account/erase", EraseAsync).Needs(Permission.Own);
    }

    private static async Task<IResult> SaveAsync(PageForm form, Workspace w, Task<Result<Profile>> update, CancellationToken cancellation)
    {
        if ((await update).Problem is not { } problem)
        {
            return PageRoutes.Go("/settings", "Saved.");
        }
        var profile = await w.Account.ProfileAsync(cancellation);
        return PageRoutes.Show<SettingsProfile>(new { Profile = profile, Form = SettingsForm.Of(profile, form), Problem = SettingsForm.AtFields(problem) }, problem.Status);
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
}

/// <summary>Profile and settings as a form sends them.</summary>
internal static class SettingsForm
{
    private const string Settings = "settings.";

    /// <summary>The profile, and over it what was typed.</summary>
    public static PageForm Of(Profile profile, PageForm? typed = null) => new(ValuesOf(profile).Select(v => typed?.Has(v.Key) == true ? new(v.Key, typed[v.Key]) : v));

    public static UpdateProfile ToUpdate(PageForm form) => new()
    {
        CompanyName = form.Text("company_name"),
        PhoneNumber = form.Text("phone_number"),
        Settings = new UpdateSettings { DefaultRegion = Given("default_region", form), TimeZone = Given("time_zone", form) },
    };

    public static UpdateName ToName(PageForm form) => new() { FirstName = form.Text("first_name"), LastName = form.Text("last_name") };

    /// <summary>The settings stand on the form's own level.</summary>
    public static Problem AtFields(Problem problem) => problem.Errors is not { } errors ? problem : problem with
    {
        Errors = errors.ToDictionary(e => e.Key.StartsWith(Settings, StringComparison.Ordinal) ? e.Key[Settings.Length..] : e.Key, e => e.Value),
    };

    private static Optional<string?> Given(string field, PageForm form) => form.Text(field) is { } text ? text : default(Optional<string?>);

    private static Dictionary<string, string?> ValuesOf(Profile profile) => new()
    {
        ["first_name"] = profile.FirstName,
        ["last_name"] = profile.LastName,
        ["company_name"] = profile.CompanyName,
        ["phone_number"] = profile.PhoneNumber,
        ["default_region"] = profile.Settings.DefaultRegion,
        ["time_zone"] = profile.Settings.TimeZone,
    };
}
