using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The pages of one contact.</summary>
internal static class ContactDetailPages
{
    private const int Rows = 20;

    public static void MapContactDetail(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/contacts/{id:guid}", (Guid id, Visitor visitor, Workspace w, CancellationToken c) => ShowAsync(id, null, null, visitor, w, c)).Needs(Permission.Read).IsLive();
        pages.MapGet("/contacts/{id:guid}/edit", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Contacts.FindAsync(id, c) is { } contact
                    ? PageRoutes.Show<ContactEdit>(new { Contact = contact, Form = ContactForm.Of(contact) })
                    : PageRoutes.ShowProblem(Problem.NotFound))
            .Needs(Permission.Work);
        pages.MapPost("/contacts/{id:guid}/edit", ChangeAsync).Needs(Permission.Work);
        pages.MapGet("/contacts/{id:guid}/delete", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Contacts.FindAsync(id, c) is { } contact
                    ? PageRoutes.Show<ContactDelete>(new { Ids = new[] { id }, Contact = contact, Return = "/contacts" })
                    : PageRoutes.ShowProblem(Problem.NotFound))
            .Needs(Permission.Work);
        pages.MapPost("/contacts/{id:guid}/tags", TagAsync).Needs(Permission.Work);
        pages.MapPost("/contacts/{id:guid}/fields", SetFieldAsync).Needs(Permission.Work);
    }

    private static async Task<IResult> ShowAsync(Guid id, PageForm? form, Problem? problem, Visitor visitor, Workspace w, CancellationToken c)
    {
        if (await w.Contacts.FindAsync(id, c) is not { } contact)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        // A refused form has another address, which says nothing of what was open.
        var address = new PageQuery(problem is null ? visitor.PathAndQuery : $"/contacts/{id}");
        var query = new ListQuery { Limit = Rows, Cursor = address["cursor"] };
        var own = query with { Filters = new Dictionary<string, string> { ["contact_id"] = id.ToString() } };
        return address["tab"] switch
        {
            "calls" => Show(await w.Calls.ListAsync(own, c), page => new { Contact = contact, Calls = page }),
            "conversations" => Show(await w.Conversations.ListAsync(own, c), page => new { Contact = contact, Conversations = page }),
            _ => Show(await w.Contacts.TimelineAsync(id, query, c), page => new { Contact = contact, Timeline = page, Form = form, Problem = problem }),
        };

        IResult Show<T>(Result<Page<T>> page, Func<Page<T>, object> parameters) => page.Problem is { } refused
            ? PageRoutes.ShowProblem(refused)
            : PageRoutes.Show<ContactDetail>(parameters(page.Value), problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ChangeAsync(Guid id, PageForm form, Workspace w, CancellationToken c)
    {
        if (await w.Contacts.FindAsync(id, c) is not { } contact)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        if (form.Has(ContactForm.More))
        {
            return PageRoutes.Show<ContactEdit>(new { Contact = contact, Form = form });
        }
        var request = ContactForm.ToUpdate(form, w);
        w.ExpectedVersions = int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? [version] : null;
        var changed = request.Problem is { } unreadable ? unreadable : await w.Contacts.UpdateAsync(id, request.Value, c);
        return changed.Problem is { } problem
            ? PageRoutes.Show<ContactEdit>(new { Contact = contact, Form = form, Problem = problem }, problem.Status)
            : PageRoutes.Go($"/contacts/{id}", "The changes are saved.");
    }

    private static async Task<IResult> TagAsync(Guid id, PageForm form, Visitor visitor, Workspace w, CancellationToken c) => AfterPart(
        id, form.Text("remove") is { } tag ? await w.Contacts.RemoveTagAsync(id, tag, c) : await w.Contacts.AddTagAsync(id, form["tag"], c)) is { } done
            ? done
            : await ShowAsync(id, form, Problem.Invalid("tag", "Must have 1 to 50 characters and no comma, quote or slash; a contact has at most 50 tags."), visitor, w, c);

    private static async Task<IResult> SetFieldAsync(Guid id, PageForm form, Visitor visitor, Workspace w, CancellationToken c)
    {
        if (form.Text("remove") is { } gone)
        {
            return AfterPart(id, await w.Contacts.SetFieldAsync(id, gone, null, c)) ?? PageRoutes.ShowProblem(Problem.NotFound);
        }
        var field = new CustomField(form["name"].Trim(), form["kind"], form["text"]);
        var (value, error) = field.Read();
        if (field.Name.Length == 0 || error is not null)
        {
            return await ShowAsync(id, form, field.Name.Length == 0 ? Problem.Invalid("name", "Needs a name.") : Problem.Invalid("text", error!), visitor, w, c);
        }
        var set = await w.Contacts.SetFieldAsync(id, field.Name, value, c);
        // The field's own form has no place for an error by the whole object's name.
        return AfterPart(id, set) ?? await ShowAsync(id, form, Problem.Invalid("text", string.Join(' ', set.Problem!.Errors!.Values.SelectMany(e => e))), visitor, w, c);
    }

    // Back to the contact, or why not; null when the person must type something else.
    private static IResult? AfterPart(Guid id, Result<Contact> changed) => changed.Problem switch
    {
        null => PageRoutes.Go($"/contacts/{id}"),
        { Errors: null } problem => PageRoutes.ShowProblem(problem),
        _ => null,
    };
}
