using System.Text.RegularExpressions;

namespace CallAgent.Server;

/// <summary>
/// Setting two-factor sign-in up and ending it. Secret and recovery codes are part of one answer each, so that nothing is
/// redirected to and nothing about them is kept.
/// </summary>
internal static partial class TwoFactorPages
{
    private const string Home = "/settings/security/two-factor";

    public static void MapTwoFactorPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Home, (Workspace w, CancellationToken c) => ShowAsync(w, null, c)).Needs(Permission.Self);
        pages.MapPost(Home, BeginAsync).Needs(Permission.Self);
        pages.MapPost(Home + "/confirm", ConfirmAsync).Needs(Permission.Self);
        pages.MapPost(Home + "/codes", async (PageForm form, Workspace w, CancellationToken c) =>
        {
            var renewed = await w.TwoFactor.RenewCodesAsync(new() { Code = form["code"] }, c);
            return renewed.Problem is { } problem ? await ShowAsync(w, problem, c) : PageRoutes.Show<SecurityRecoveryCodes>(new { renewed.Value.Codes });
        }).Needs(Permission.Self);
        pages.MapPost(Home + "/off", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.TwoFactor.TurnOffAsync(new() { Code = form["off_code"] }, c) is { } problem
                    ? await ShowAsync(w, At("off_code", problem), c)
                    : PageRoutes.Go("/settings/security", "Two-factor sign-in is off."))
            .Needs(Permission.Self);
    }

    private static async Task<IResult> BeginAsync(PageForm form, Workspace w, CancellationToken cancellation)
    {
        var begun = await w.TwoFactor.BeginAsync(new() { Password = form["password"] }, cancellation);
        return begun.Problem is { } problem
            ? await ShowAsync(w, problem, cancellation)
            : PageRoutes.Show<SecurityTwoFactorSetUp>(new { begun.Value.Secret, begun.Value.Uri });
    }

    private static async Task<IResult> ConfirmAsync(PageForm form, Workspace w, CancellationToken cancellation)
    {
        var confirmed = await w.TwoFactor.ConfirmAsync(new() { Code = form["code"].Replace(" ", "", StringComparison.Ordinal) }, cancellation);
        if (confirmed.Problem is not { } problem)
        {
            return PageRoutes.Show<SecurityRecoveryCodes>(new { confirmed.Value.Codes, IsFirst = true });
        }
        if (problem.Errors is null || !Secret().IsMatch(form["secret"]))
        {
            return await ShowAsync(w, problem, cancellation);
        }
        var profile = await w.Account.ProfileAsync(cancellation);
        return PageRoutes.Show<SecurityTwoFactorSetUp>(
            new { Secret = form["secret"], Uri = CallAgent.TwoFactor.UriOf(profile.Email, form["secret"]), Problem = problem }, problem.Status);
    }

    private static async Task<IResult> ShowAsync(Workspace w, Problem? problem, CancellationToken cancellation) => PageRoutes.Show<SecurityTwoFactor>(
        new { TwoFactor = await w.TwoFactor.StatusAsync(cancellation), Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);

    // Two forms of the page take a code.
    private static Problem At(string field, Problem problem) => problem.Errors is not { } errors ? problem : problem with
    {
        Errors = errors.ToDictionary(e => e.Key == "code" ? field : e.Key, e => e.Value),
    };

    [GeneratedRegex("^[A-Z2-7]{32}$", RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
