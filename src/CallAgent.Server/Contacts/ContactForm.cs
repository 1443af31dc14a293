using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A contact as forms send it.</summary>
internal static class ContactForm
{
    /// <summary>The fields that show their own errors.</summary>
    public static readonly string[] Fields = ["phone_number", "first_name", "last_name", "email", "company", "tags", "status"];

    public static CreateContact ToCreate(PageForm form) => new()
    {
        PhoneNumber = form["phone_number"],
        FirstName = form.Text("first_name"),
        LastName = form.Text("last_name"),
        Email = form.Text("email"),
        Company = form.Text("company"),
        Status = form.Choice<ContactStatus>("status"),
        Tags = TagsOf(form),
    };

    /// <summary>Tags are typed with commas between them.</summary>
    public static IReadOnlyList<string> TagsOf(PageForm form) =>
        form["tags"].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
