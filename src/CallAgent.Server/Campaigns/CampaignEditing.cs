using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>What the page of a campaign shows.</summary>
public sealed record CampaignEdit
{
    public required CampaignForm Form { get; init; }
    public Problem? Problem { get; init; }

    /// <summary>Whether the form holds what is not saved.</summary>
    public bool IsUnsaved { get; init; }

    /// <summary>What somebody else made of the campaign meanwhile.</summary>
    public CampaignForm? Theirs { get; init; }

    /// <summary>The stage that is open, if it is not the first.</summary>
    public string? Open { get; init; }

    public ScriptPreview? Preview { get; init; }
    public Contact? Contact { get; init; }
    public CampaignFigures? Figures { get; init; }

    /// <summary>What was typed into fields that are no part of the campaign.</summary>
    public PageForm? Typed { get; init; }

    public string? ErrorOf(string field) => Problem?.Errors?.Where(e => e.Key == field || e.Key.StartsWith(field + "[", StringComparison.Ordinal))
        .Select(e => string.Join(' ', e.Value)).FirstOrDefault();

    public bool HasError(StageForm stage) => Problem?.Errors?.Keys.Any(k => k.StartsWith($"script_template.{stage.Slug}.", StringComparison.Ordinal)) == true;
}

/// <summary>What a campaign's form can ask for: to be saved, or to be shown again with something moved, added or tried.</summary>
internal static class CampaignEditing
{
    public static async Task<IResult> TakeAsync(Guid id, PageForm form, Workspace w, CancellationToken c)
    {
        var edit = new CampaignEdit { Form = CampaignForm.Of(id, form), IsUnsaved = true, Typed = form };
        var (verb, stage) = form["do"].Split(':', 2) is [var first, var second] ? (first, second) : (form["do"], "");
        if (verb is "" or "save")
        {
            return await SaveAsync(edit, w, c);
        }
        return await w.Campaigns.FindAsync(id, c) is null ? PageRoutes.ShowProblem(Problem.NotFound) : verb switch
        {
            "up" => await ShowAsync(w, edit with { Form = edit.Form.Move(stage, -1), Open = stage }, c),
            "down" => await ShowAsync(w, edit with { Form = edit.Form.Move(stage, 1), Open = stage }, c),
            "remove" => await ShowAsync(w, edit with { Form = edit.Form.Without(stage) }, c),
            "add" => await ShowAsync(w, Add(edit, form), c),
            "preview" => await PreviewAsync(edit with { Open = stage }, w, c),
            _ => await ShowAsync(w, edit with { Open = stage.Length > 0 ? stage : null }, c),
        };
    }

    public static async Task<IResult> ShowAsync(Workspace w, CampaignEdit edit, CancellationToken c)
    {
        var figures = await w.Campaigns.FiguresAsync([edit.Form.Id], c);
        var contact = edit.Contact ?? await ContactAsync(edit.Typed, w, c);
        return PageRoutes.Show<CampaignEditor>(
            new { Edit = edit with { Figures = figures[edit.Form.Id], Contact = contact } }, edit.Problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> SaveAsync(CampaignEdit edit, Workspace w, CancellationToken c)
    {
        var form = edit.Form;
        var update = form.ToUpdate();
        w.ExpectedVersions = [form.Version];
        var saved = update.Problem is { } malformed ? malformed : await w.Campaigns.UpdateAsync(form.Id, update.Value, c);
        switch (saved.Problem)
        {
            case null:
                return PageRoutes.Go($"/campaigns/{form.Id}", "Saved.");
            case { Status: StatusCodes.Status404NotFound } gone:
                return PageRoutes.ShowProblem(gone);
            case { Status: StatusCodes.Status412PreconditionFailed } stale when await w.Campaigns.FindAsync(form.Id, c) is { } theirs:
                // Whoever saves once more has seen what he replaces, and no third change in between gets lost.
                return await ShowAsync(w, edit with { Problem = stale, Theirs = CampaignForm.Of(theirs), Form = form with { Version = theirs.Version } }, c);
            case { } problem:
                var wrong = edit with { Problem = problem };
                return await ShowAsync(w, wrong with { Open = form.Stages.FirstOrDefault(wrong.HasError)?.Slug }, c);
        }
    }

    private static CampaignEdit Add(CampaignEdit edit, PageForm form)
    {
        var added = edit.Form.Add(form.Text("new_stage") ?? form["known_stage"]);
        return added.Problem is { } problem ? edit with { Problem = problem } : edit with { Form = added.Value, Open = added.Value.Stages[^1].Slug, Typed = null };
    }

    private static async Task<IResult> PreviewAsync(CampaignEdit edit, Workspace w, CancellationToken c)
    {
        var contact = await ContactAsync(edit.Typed, w, c);
        var script = edit.Form.Stages.FirstOrDefault(s => s.Slug == edit.Open)?.Script ?? "";
        var preview = await w.Campaigns.PreviewAsync(new() { Script = script, CampaignId = edit.Form.Id, ContactId = contact?.Id }, c);
        return await ShowAsync(w, edit with
        {
            Contact = contact,
            Preview = preview.Problem is null ? preview.Value : null,
            Problem = preview.Problem is { Errors: { } errors } ? Problem.Invalid(errors.ToDictionary(e => $"script_template.{edit.Open}.{e.Key}", e => e.Value)) : null,
        }, c);
    }

    // Who was chosen; the first that matches what was typed; or else whoever was added last, so that there is something to see.
    private static async Task<Contact?> ContactAsync(PageForm? form, Workspace w, CancellationToken c)
    {
        if (form?.Id("contact_id") is { } id && form["preview_contact"] == form["chosen_contact"] && await w.Contacts.FindAsync(id, c) is { } chosen)
        {
            return chosen;
        }
        var found = await w.Contacts.ListAsync(new() { Limit = 1, Q = form?.Text("preview_contact") }, c);
        return found.Problem is null && found.Value.Data is [var match, ..] ? match : null;
    }
}
