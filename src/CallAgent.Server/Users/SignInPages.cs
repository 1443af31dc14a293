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
        await StartAsync(host, context, registered.Value, cancellation);
        return PageRoutes.Go("/welcome");
    }

    private static async Task<IResult> SignInAsync(PageForm form, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var kept = KeptForm.Of(form);
        var principal = await host.SignIn.WithPasswordAsync(form["email"], form["password"], Origins.Of(context), cancellation);
        if (principal.Problem is { } problem)
        {
            return PageRoutes.Show<SignInForm>(
                new { Form = form, Problem = problem, Return = PageRoutes.LocalPath(form["return"]), Kept = kept }, problem.Status);
        }
        DeviceCookie.Write(context, host.SignIn.NewDeviceToken(principal.Value));
        await StartAsync(host, context, principal.Value, cancellation);
        return kept is null ? PageRoutes.Go(PageRoutes.LocalPath(form["return"])) : PageRoutes.Show<GoOn>(new { Kept = kept });
    }

    private static async Task<IResult> SignOutAsync(CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        if (context.Features.Get<Principal>() is { Kind: CredentialKind.Session } principal && SessionCookie.Read(context) is { } token)
        {
            await host.SignIn.EndSessionAsync(principal, token, cancellation);
        }
        SessionCookie.Remove(context);
        return PageRoutes.Go("/");
    }

    private static async Task StartAsync(CallAgentHost host, HttpContext context, Principal principal, CancellationToken cancellation)
    {
        var (token, expiresAt) = await host.SignIn.StartSessionAsync(principal, Origins.Of(context), cancellation);
        SessionCookie.Write(context, token, expiresAt);
        // The page that this request still shows belongs to the new session.
        context.Features.Set(principal);
    }
}
