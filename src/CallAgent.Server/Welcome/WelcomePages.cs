using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The guided start: what is said, whom to call, the first call. What is there already says where one is.</summary>
internal static class WelcomePages
{
    private const string BlankName = "My first campaign";

    public static void MapWelcomePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/welcome", async (Visitor visitor, Workspace w, CancellationToken c) => await ShowAsync(w, new PageQuery(visitor.PathAndQuery)["step"], visitor, null, null, c))
            .Needs(Permission.Read);
        pages.MapPost("/welcome/campaign", ChooseAsync).Needs(Permission.Manage);
        pages.MapPost("/welcome/contacts", AddAsync).Needs(Permission.Work);
    }

    private static async Task<IResult> ChooseAsync(PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        var created = form.Choice<SampleType>("sample") is { } sample
            ? await w.Campaigns.CreateSampleAsync(sample, cancellation)
            : await w.Campaigns.CreateAsync(new() { Name = BlankName }, cancellation);
        return created.Problem is { } problem
            ? await ShowAsync(w, "campaign", visitor, form, problem, cancellation)
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
        var step = WelcomeView.Steps.Any(s => s.Name == asked) && (asked != "call" || contacts.Data.Count > 0) ? asked! : reached;
        var view = new WelcomeView(step, campaigns, contacts.Data, contacts.HasMore, added);
        return PageRoutes.Show<WelcomePage>(new { View = view, Form = form, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);
    }
}

/// <summary>Where somebody is in the guided start.</summary>
/// <param name="Step">One of <see cref="Steps"/>.</param>
/// <param name="Campaigns">What there is to say.</param>
/// <param name="Contacts">The newest contacts.</param>
/// <param name="HasMore">Whether there are others.</param>
/// <param name="Added">Contacts that the form has added before it met a line that it could not.</param>
public sealed record WelcomeView(string Step, IReadOnlyList<CampaignName> Campaigns, IReadOnlyList<Contact> Contacts, bool HasMore, int Added)
{
    public const int Newest = 5;

    public static readonly (string Name, string Text)[] Steps = [("campaign", "What is said"), ("contacts", "Whom to call"), ("call", "The first call")];

    public bool IsDone(string step) => step switch { "campaign" => Campaigns.Count > 0, "contacts" => Contacts.Count > 0, _ => false };
}
