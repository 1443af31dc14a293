using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The way in and out: sign up, sign in, sign out, and going on after a session that ended.</summary>
internal static class SignInPages
{
    public static void MapSignInPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", (HttpContext context) => context.Features.Get<Principal>() is null ? PageRoutes.Show<Landing>() : PageRoutes.Go("/dashboard"))
            .AllowAnonymous();

        pages.MapGet("/sign-up", () => PageRoutes.Show<SignUp>()).AllowAnonymous();
        pages.MapPost("/sign-up", SignUpAsync).AllowAnonymous();
        pages.MapGet("/sign-in", (HttpContext context) => PageRoutes.Show<SignInForm>(new { Return = PageRoutes.LocalPath(context.Request.Query["return"]) }))
            .AllowAnonymous();
        pages.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        // The second step follows from the first; whoever asks for it alone begins again.
        pages.MapGet("/sign-in/code", () => PageRoutes.Go("/sign-in")).AllowAnonymous();
        pages.MapPost("/sign-in/code", SignInCodeAsync).AllowAnonymous();
        pages.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
    }

    /// <summary>What a page answers to somebody who is not signed in: a form that was sent is kept for after sign-in.</summary>
    public static async Task<IResult> ChallengeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("HX-Request"))
        {
            return TypedResults.Text("Signed out.", statusCode: StatusCodes.Status401Unauthorized);
        }
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return PageRoutes.Go("/sign-in?return=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString));
        }
        return PageRoutes.Show<SignInForm>(new { Kept = await KeptForm.OfAsync(context) }, StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> SignUpAsync(PageForm form, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var request = new Register
        {
            Email = form["email"],
            Password = form["password"],
            FirstName = form.Text("first_name"),
            LastName = form.Text("last_name"),
            CompanyName = form.Text("company_name"),
        };
        var registered = await host.RegisterAsync(request, cancellation);
        if (registered.Problem is { } problem)
        {
            return PageRoutes.Show<SignUp>(new { Form = form, Problem = problem }, problem.Status);
        }
        await AdoptAsync(host, registered.Value, form, context.Request, cancellation);
        await StartAsync(host, context, registered.Value, cancellation);
        return PageRoutes.Go("/welcome");
    }

    // Numbers and times as the browser's owner writes them. A language tells the country less surely than the clock: much of the world uses
    // a browser in American English. What it does not say, or what is not known, is as for any new user.
    private static async Task AdoptAsync(CallAgentHost host, Principal principal, PageForm form, HttpRequest request, CancellationToken cancellation)
    {
        var zone = form.Text("time_zone");
        foreach (var settings in new UpdateSettings[] { new() { DefaultRegion = ZoneCountries.Of(zone) ?? Cultures.RegionOf(request) }, new() { TimeZone = zone } })
        {
            await using var workspace = host.As(principal);
            _ = await workspace.Account.UpdateAsync(new() { Settings = new(settings) }, cancellation);
        }
    }

    private static async Task<IResult> SignInAsync(PageForm form, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var (kept, back) = (KeptForm.Of(form), PageRoutes.LocalPath(form["return"]));
        var principal = await host.SignIn.WithPasswordAsync(form["email"], form["password"], Origins.Of(context), cancellation);
        return principal.Problem switch
        {
            null => await GoOnAsync(form, host, context, principal.Value, cancellation),
            { Challenge: { } challenge } => PageRoutes.Show<SignInCode>(new { Challenge = challenge, Return = back, Kept = kept }),
            var problem => PageRoutes.Show<SignInForm>(new { Form = form, Problem = problem, Return = back, Kept = kept }, problem.Status),
        };
    }

    private static async Task<IResult> SignInCodeAsync(PageForm form, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var (kept, back) = (KeptForm.Of(form), PageRoutes.LocalPath(form["return"]));
        var principal = await host.SignIn.WithTwoFactorAsync(form["challenge"], form.Text("code") ?? form["recovery_code"], cancellation);
        return principal.Problem switch
        {
            null => await GoOnAsync(form, host, context, principal.Value, cancellation),
            { } over when over == Problem.ChallengeOver => PageRoutes.Show<SignInForm>(new { Problem = over, Return = back, Kept = kept }, over.Status),
            var problem => PageRoutes.Show<SignInCode>(
                new { Challenge = form["challenge"], Problem = problem, Return = back, Kept = kept, ByRecovery = form.Has("recovery_code") }, problem.Status),
        };
    }

    private static async Task<IResult> GoOnAsync(PageForm form, CallAgentHost host, HttpContext context, Principal principal, CancellationToken cancellation)
    {
        DeviceCookie.Write(context, host.SignIn.NewDeviceToken(principal));
        await StartAsync(host, context, principal, cancellation);
        return KeptForm.Of(form) is { } kept ? PageRoutes.Show<GoOn>(new { Kept = kept }) : PageRoutes.Go(PageRoutes.LocalPath(form["return"]));
    }

    private static async Task<IResult> SignOutAsync(CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        if (context.Features.Get<Principal>() is { } principal)
        {
            if (principal.Kind == CredentialKind.Impersonation)
            {
                // Out of where one is a guest; one's own session is another matter.
                return await ImpersonationPages.EndAsync(context, host, cancellation);
            }
            await using var workspace = host.As(principal);
            await workspace.Sessions.EndOwnAsync(cancellation);
        }
        SessionCookie.Remove(context);
        return PageRoutes.Go("/");
    }

    /// <summary>Begins a session in this browser.</summary>
    internal static async Task StartAsync(CallAgentHost host, HttpContext context, Principal principal, CancellationToken cancellation)
    {
        var (token, expiresAt) = await host.SignIn.StartSessionAsync(principal, Origins.Of(context), cancellation);
        SessionCookie.Write(context, token, expiresAt);
        // The page that this request still shows belongs to the new session.
        context.Features.Set(principal);
    }
}
