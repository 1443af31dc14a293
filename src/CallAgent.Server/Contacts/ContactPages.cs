using CallAgent.Client;

namespace CallAgent.Server;

internal static class ContactPages
{
    public static void MapContactPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/contacts", ListAsync).Needs(Permission.Read).IsLive().WithMetadata(CallAgent.Contacts.Parameters);
        pages.MapPost("/contacts/columns", ChooseColumns).Needs(Permission.Read);
        pages.MapPost("/contacts/bulk", ChangeManyAsync).Needs(Permission.Work);
        pages.MapGet("/contacts/board", BoardAsync).Needs(Permission.Read).IsLive().WithMetadata(CallAgent.Contacts.Parameters);
        pages.MapPost("/contacts/{id:guid}/move", MoveAsync).Needs(Permission.Work);
        pages.MapGet("/contacts/new", () => PageRoutes.Show<ContactNew>()).Needs(Permission.Work);
        pages.MapPost("/contacts/new", AddAsync).Needs(Permission.Work);
        pages.MapContactDetail();
    }

    private static async Task<IResult> ListAsync(PageList list, HttpContext http, Visitor visitor, Workspace w, CancellationToken c)
    {
        var query = ContactFilters.Of(list.Query, visitor);
        if (query.Problem is { } unclear)
        {
            return PageRoutes.ShowProblem(unclear);
        }
        var page = await w.Contacts.ListAsync(query.Value, c);
        // Of all contacts, and so untrue beside some of them.
        var counts = page.Problem is null && query.Value.Q is null && query.Value.Filters.Keys.All(f => f == "status") ? await w.Contacts.CountsAsync(c) : null;
        return PageRoutes.ShowResult<ContactList, Page<Contact>>(
            page, found => new { Page = found, Query = query.Value, Counts = counts, Columns = ContactColumns.Of(http.Request) });
    }

    private static IResult ChooseColumns(PageForm form, HttpContext http)
    {
        ContactColumns.Chosen(form.All("column")).Write(http);
        return PageRoutes.Go(Back(form, "/contacts"));
    }

    private static async Task<IResult> ChangeManyAsync(PageForm form, Workspace w, CancellationToken c)
    {
        var ids = form.All("id").Select(i => Guid.TryParseExact(i, "D", out var id) ? id : Guid.Empty).Distinct().ToList();
        var request = new ChangeContacts { Ids = ids };
        request = form["action"] switch
        {
            "add_tag" => request with { AddTags = ContactForm.TagsOf(form["tag"]) },
            "remove_tag" => request with { RemoveTags = ContactForm.TagsOf(form["tag"]) },
            "status" => request with { Status = form.Choice<ContactStatus>("status") },
            "delete" => request with { Delete = true },
            _ => request,
        };
        if (request.Delete && ids.Count > 0 && !form.IsOn("sure"))
        {
            return PageRoutes.Show<ContactDelete>(new { Ids = ids, Return = Back(form, "/contacts") });
        }
        return await w.Contacts.ChangeAsync(request, c) is var answer && answer.Problem is { } problem
            ? PageRoutes.ShowProblem(Explain(problem))
            : PageRoutes.Go(Back(form, "/contacts"), Said(answer.Value));
    }

    // What the form left open, in the form's words.
    private static Problem Explain(Problem problem) => problem.Errors switch
    {
        { } errors when errors.ContainsKey("ids") => new("nothing-selected", 400, "No contact is selected", "Mark some rows of the list first; at most 200 at once."),
        { } errors when errors.ContainsKey("body") => new("nothing-to-do", 400, "Nothing to do", "Type a tag or choose a status first."),
        _ => problem,
    };

    private static string Said(ChangedContacts answer) => answer switch
    {
        { Deleted: 1 } => "1 contact is deleted.",
        { Deleted: > 1 } => $"{answer.Deleted} contacts are deleted.",
        { Changed: 1 } => "1 contact is changed.",
        { Changed: 0 } => "Nothing had to be changed.",
        _ => $"{answer.Changed} contacts are changed.",
    };

    private static async Task<IResult> BoardAsync(PageList list, Visitor visitor, Workspace w, CancellationToken c)
    {
        var continued = EnumTexts.FromText<ContactStatus>(new PageQuery(visitor.PathAndQuery)["lane"] ?? "");
        var counts = list.Query is { Q: null, Filters.Count: 0 } ? await w.Contacts.CountsAsync(c) : null;
        var lanes = new List<BoardLane>();
        foreach (var status in Enum.GetValues<ContactStatus>())
        {
            var page = await w.Contacts.ListAsync(ContactFilters.Lane(list.Query, status, status == continued ? list.Query.Cursor : null), c);
            if (page.Problem is { } problem)
            {
                return PageRoutes.ShowProblem(problem);
            }
            lanes.Add(new(status, counts?[status], page.Value));
        }
        return PageRoutes.Show<ContactBoard>(new { Lanes = lanes, list.Query });
    }

    private static async Task<IResult> MoveAsync(Guid id, PageForm form, Workspace w, CancellationToken c)
    {
        if (form.Choice<ContactStatus>("status") is not { } status)
        {
            return PageRoutes.ShowProblem(Problem.Invalid("status", "Choose one of the lanes."));
        }
        var moved = await w.Contacts.UpdateAsync(id, new() { Status = status }, c);
        return moved.Problem is { } problem
            ? PageRoutes.ShowProblem(problem)
            : PageRoutes.Go(Back(form, "/contacts/board"), $"{Words.NameOf(moved.Value)} is now in {Words.Of(status)}.");
    }

    private static async Task<IResult> AddAsync(PageForm form, Workspace w, CancellationToken c)
    {
        if (form.Has(ContactForm.More))
        {
            return PageRoutes.Show<ContactNew>(new { Form = form });
        }
        var request = ContactForm.ToCreate(form, w);
        var added = request.Problem is { } unreadable ? unreadable : await w.Contacts.CreateAsync(request.Value, c);
        if (added.Problem is { } problem)
        {
            return PageRoutes.Show<ContactNew>(new { Form = form, Problem = problem }, problem.Status);
        }
        return PageRoutes.Go(form.Has("another") ? "/contacts/new" : $"/contacts/{added.Value.Id}", $"{Words.NameOf(added.Value)} is added.");
    }

    /// <summary>Where the person was, if the form says so.</summary>
    public static string Back(PageForm form, string otherwise) => form.Text("return") is { } path && PageRoutes.LocalPath(path) == path ? path : otherwise;
}
