using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The guided start: what is said, whom to call, the first call. What is there already says where one is.</summary>
internal static class WelcomePages
{
    public static void MapWelcomePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/welcome", async (Visitor visitor, Workspace w, CancellationToken c) => await ShowAsync(w, new PageQuery(visitor.PathAndQuery)["step"], visitor, null, null, c))
            .Needs(Permission.Read);
        pages.MapPost("/welcome/campaign", ChooseAsync).Needs(Permission.Manage);
        pages.MapPost("/welcome/own", WriteAsync).Needs(Permission.Manage);
        pages.MapPost("/welcome/contacts", AddAsync).Needs(Permission.Work);
    }

    private static async Task<IResult> ChooseAsync(PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        if (form.Choice<SampleType>("sample") is not { } sample)
        {
            return await ShowAsync(w, "campaign", visitor, form, Problem.Invalid("sample", "Choose one of the scripts."), cancellation);
        }
        return (await w.Campaigns.CreateSampleAsync(sample, cancellation)).Problem is { } problem
            ? await ShowAsync(w, "campaign", visitor, form, problem, cancellation)
            : PageRoutes.Go("/welcome?step=contacts");
    }

    // The words stand at the first of the usual stages.
    private static async Task<IResult> WriteAsync(PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        var stages = new Dictionary<string, StageScript> { [Stages.Default[0]] = new() { Script = form[WelcomeOwn.Opening].ReplaceLineEndings("\n") } };
        var created = await w.Campaigns.CreateAsync(new() { Name = form["name"].Trim(), ScriptTemplate = stages }, cancellation);
        return created.Problem is { } problem
            ? await ShowAsync(w, WelcomeView.Own, visitor, form, problem, cancellation)
            : PageRoutes.Go("/welcome?step=contacts");
    }

    private static async Task<IResult> AddAsync(PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        var (added, rest, problem) = await TypedContacts.AddAsync(w, form["lines"], cancellation);
        if (problem is not null)
        {
            var left = new PageForm(new Dictionary<string, string?> { ["lines"] = rest });
            return await ShowAsync(w, "contacts", visitor, left, problem, cancellation, added);
        }
        return PageRoutes.Go("/welcome?step=call");
    }

    private static async Task<IResult> ShowAsync(
        Workspace w, string? asked, Visitor visitor, PageForm? form, Problem? problem, CancellationToken cancellation, int added = 0)
    {
        var campaigns = await w.Campaigns.NamesAsync(cancellation);
        var contacts = (await w.Contacts.ListAsync(new() { Limit = WelcomeView.Newest }, cancellation)).OrThrow();
        var reached = campaigns.Count == 0 && visitor.MayManage ? "campaign" : contacts.Data.Count == 0 ? "contacts" : "call";
        // A later step than one has reached leads nowhere yet.
        var step = (asked == WelcomeView.Own && visitor.MayManage || WelcomeView.Steps.Any(s => s.Name == asked)) && (asked != "call" || contacts.Data.Count > 0) ? asked! : reached;
        var view = new WelcomeView(step, campaigns, contacts.Data, contacts.HasMore, added);
        return PageRoutes.Show<WelcomePage>(new { View = view, Form = form, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);
    }
}

/// <summary>Where somebody is in the guided start.</summary>
/// <param name="Step">One of <see cref="Steps"/>, or <see cref="Own"/>.</param>
/// <param name="Campaigns">What there is to say.</param>
/// <param name="Contacts">The newest contacts.</param>
/// <param name="HasMore">Whether there are others.</param>
/// <param name="Added">Contacts that the form has added before it met a line that it could not.</param>
public sealed record WelcomeView(string Step, IReadOnlyList<CampaignName> Campaigns, IReadOnlyList<Contact> Contacts, bool HasMore, int Added)
{
    public const int Newest = 5;

    /// <summary>The first step for those who write their own words.</summary>
    public const string Own = "own";

    public static readonly (string Name, string Text)[] Steps = [("campaign", "What is said"), ("contacts", "Whom to call"), ("call", "The first call")];

    /// <summary>Which of the steps it is or belongs to.</summary>
    public string Place => Step == Own ? "campaign" : Step;

    public bool IsDone(string step) => step switch { "campaign" => Campaigns.Count > 0, "contacts" => Contacts.Count > 0, _ => false };
}
