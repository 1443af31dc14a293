using CallAgent.Client;
using Microsoft.AspNetCore.Mvc;

namespace CallAgent.Server;

internal static class CampaignPages
{
    // Twenty stages, each with as long a text as is allowed, and every letter written as %xx.
    private const long LargestForm = 4 * 1024 * 1024;

    public static void MapCampaignPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/campaigns", (PageList list, Workspace w, CancellationToken c) => ListAsync(w, list.Query, null, c))
            .Needs(Permission.Read).WithMetadata(CallAgent.Campaigns.Parameters);

        pages.MapGet("/campaigns/new", () => PageRoutes.Show<CampaignNew>()).Needs(Permission.Manage);

        pages.MapPost("/campaigns/new", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.Campaigns.CreateAsync(new() { Name = form["name"], Description = form.Text("description"), IsActive = false }, c) is var created && created.Problem is { } problem
                    ? PageRoutes.Show<CampaignNew>(new { Form = form, Problem = problem }, problem.Status)
                    : PageRoutes.Go(PathOf(created.Value), "The campaign is there. Write what is said in it, then make it active."))
            .Needs(Permission.Manage);

        pages.MapPost("/campaigns/samples", SampleAsync).Needs(Permission.Manage);

        pages.MapGet("/campaigns/{id:guid}", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Campaigns.FindAsync(id, c) is { } campaign
                    ? await CampaignEditing.ShowAsync(w, new() { Form = CampaignForm.Of(campaign) }, c)
                    : PageRoutes.ShowProblem(Problem.NotFound))
            .Needs(Permission.Read);

        pages.MapPost("/campaigns/{id:guid}", (Guid id, PageForm form, Workspace w, CancellationToken c) => CampaignEditing.TakeAsync(id, form, w, c))
            .Needs(Permission.Manage).WithMetadata(new RequestSizeLimitAttribute(LargestForm));

        pages.MapPost("/campaigns/{id:guid}/state", async (Guid id, PageForm form, Workspace w, CancellationToken c) =>
                await w.Campaigns.UpdateAsync(id, new() { IsActive = form.IsOn("is_active") }, c) is var changed && changed.Problem is { } problem
                    ? PageRoutes.ShowProblem(problem)
                    : PageRoutes.Go(BackTo(form), changed.Value.IsActive ? $"{changed.Value.Name} is active." : $"{changed.Value.Name} is paused."))
            .Needs(Permission.Manage);

        pages.MapPost("/campaigns/{id:guid}/duplicate", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Campaigns.DuplicateAsync(id, c) is var copied && copied.Problem is { } problem
                    ? problem.Status == StatusCodes.Status404NotFound ? PageRoutes.ShowProblem(problem) : await ListAsync(w, new(), problem, c)
                    : PageRoutes.Go(PathOf(copied.Value), "This is the copy. It is paused, and has no calls yet."))
            .Needs(Permission.Manage);

        pages.MapPost("/campaigns/{id:guid}/delete", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Campaigns.DeleteAsync(id, c) is { } problem
                    ? PageRoutes.ShowProblem(problem)
                    : PageRoutes.Go("/campaigns", "The campaign is deleted. Its calls and conversations are still there."))
            .Needs(Permission.Manage);
    }

    private static async Task<IResult> SampleAsync(PageForm form, Workspace w, CancellationToken c)
    {
        if (form.Choice<SampleType>("type") is not { } type)
        {
            return PageRoutes.ShowProblem(Problem.Invalid("type", "Is not one of the samples."));
        }
        var created = await w.Campaigns.CreateSampleAsync(type, c);
        return created.Problem is { } problem
            ? await ListAsync(w, new(), problem, c)
            : PageRoutes.Go(PathOf(created.Value), "The sample is yours now. Change what you like.");
    }

    private static async Task<IResult> ListAsync(Workspace w, ListQuery query, Problem? refused, CancellationToken c)
    {
        var page = await w.Campaigns.ListAsync(query, c);
        if (page.Problem is { } problem)
        {
            return PageRoutes.ShowProblem(problem);
        }
        var figures = await w.Campaigns.FiguresAsync([.. page.Value.Data.Select(d => d.Id)], c);
        return PageRoutes.Show<CampaignList>(new { Page = page.Value, Query = query, Figures = figures, Problem = refused }, refused?.Status ?? 200);
    }

    private static string PathOf(Campaign campaign) => $"/campaigns/{campaign.Id}";

    private static string BackTo(PageForm form) =>
        PageRoutes.LocalPath(form["back"]) is var back && back.StartsWith("/campaigns", StringComparison.Ordinal) ? back : "/campaigns";
}
