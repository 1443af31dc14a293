using CallAgent.Client;

namespace CallAgent.Server;

internal static class ContactPages
{
    public static void MapContactPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/contacts", async (PageList list, Workspace w, CancellationToken c) =>
                PageRoutes.ShowResult<ContactList, Page<Contact>>(await w.Contacts.ListAsync(list.Query, c), page => new { Page = page, list.Query }))
            .Needs(Permission.Read).WithMetadata(CallAgent.Contacts.Parameters);

        pages.MapGet("/contacts/new", () => PageRoutes.Show<ContactNew>()).Needs(Permission.Work);

        pages.MapPost("/contacts/new", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.Contacts.CreateAsync(ContactForm.ToCreate(form), c) is { Problem: { } problem }
                    ? PageRoutes.Show<ContactNew>(new { Form = form, Problem = problem }, problem.Status)
                    : PageRoutes.Go("/contacts", "The contact is added."))
            .Needs(Permission.Work);
    }
}
