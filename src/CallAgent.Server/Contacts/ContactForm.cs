using System.Globalization;
using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A contact as forms send it.</summary>
internal static class ContactForm
{
    /// <summary>The button that asks for more rows of custom fields.</summary>
    public const string More = "more";

    private const int BlankRows = 2;
    private const int MostRows = 100;

    /// <summary>The fields that show their own errors.</summary>
    public static readonly string[] Fields = ["phone_number", "first_name", "last_name", "email", "company", "tags", "status"];

    /// <summary>The contact of the form, or everything that is wrong with it: rows of custom fields that cannot be read and all else.</summary>
    public static Result<CreateContact> ToCreate(PageForm form, Workspace workspace)
    {
        var fields = CustomFieldsOf(form);
        var contact = new CreateContact
        {
            PhoneNumber = form["phone_number"],
            FirstName = form.Text("first_name"),
            LastName = form.Text("last_name"),
            Email = form.Text("email"),
            Company = form.Text("company"),
            Status = form.Choice<ContactStatus>("status"),
            Tags = TagsOf(form["tags"]),
            CustomFields = fields.Problem is null ? fields.Value : null,
        };
        return fields.Problem is { } unreadable ? unreadable.And(workspace.Contacts.Check(contact)) : contact;
    }

    public static Result<UpdateContact> ToUpdate(PageForm form, Workspace workspace)
    {
        var contact = ToCreate(form, workspace);
        return contact.Problem is { } problem ? problem : ToUpdate(contact.Value);
    }

    /// <summary>The form that changes a contact, before anybody typed.</summary>
    public static PageForm Of(Contact contact)
    {
        var fields = new Dictionary<string, string?>
        {
            ["phone_number"] = contact.PhoneNumber,
            ["first_name"] = contact.FirstName,
            ["last_name"] = contact.LastName,
            ["email"] = contact.Email,
            ["company"] = contact.Company,
            ["status"] = contact.Status.ToText(),
            ["tags"] = string.Join(", ", contact.Tags),
        };
        foreach (var (i, field) in contact.CustomFields.Select(f => CustomField.Of(f.Key, f.Value)).Index())
        {
            (fields[NameOf("name", i)], fields[NameOf("kind", i)], fields[NameOf("text", i)]) = (field.Name, field.Kind, field.Text);
        }
        return new(fields);
    }

    /// <summary>Tags are typed with commas between them.</summary>
    public static IReadOnlyList<string> TagsOf(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The name of an input in a row of custom fields.</summary>
    public static string NameOf(string part, int row) => string.Create(CultureInfo.InvariantCulture, $"field_{part}_{row}");

    /// <summary>The rows of custom fields that the form has, and some to fill.</summary>
    public static IReadOnlyList<CustomField> Rows(PageForm? form)
    {
        var sent = form is null ? [] : Sent(form).ToList();
        var blank = sent.AsEnumerable().Reverse().TakeWhile(IsBlank).Count();
        var wanted = form?.Has(More) == true ? blank + BlankRows : BlankRows;
        return [.. sent, .. Enumerable.Repeat(new CustomField("", "text", ""), Math.Clamp(wanted - blank, 0, Math.Max(0, MostRows - sent.Count)))];
    }

    private static Result<IReadOnlyDictionary<string, JsonElement>> CustomFieldsOf(PageForm form)
    {
        var (fields, errors) = (new Dictionary<string, JsonElement>(), new Dictionary<string, string[]>());
        foreach (var (row, field) in Sent(form).Index().Where(f => !IsBlank(f.Item)))
        {
            var (value, error) = field.Read();
            if (error is not null)
            {
                errors[NameOf("text", row)] = [error];
            }
            if (field.Name.Length == 0 || !fields.TryAdd(field.Name, value))
            {
                errors[NameOf("name", row)] = [field.Name.Length == 0 ? "Needs a name." : "Is there twice."];
            }
        }
        return errors.Count > 0 ? Problem.Invalid(errors) : fields;
    }

    private static IEnumerable<CustomField> Sent(PageForm form) => Enumerable.Range(0, MostRows).TakeWhile(row => form.Has(NameOf("name", row)))
        .Select(row => new CustomField(form[NameOf("name", row)].Trim(), form[NameOf("kind", row)], form[NameOf("text", row)]));

    private static bool IsBlank(CustomField field) => field.Name.Length == 0 && string.IsNullOrWhiteSpace(field.Text);

    private static UpdateContact ToUpdate(CreateContact contact) => new()
    {
        PhoneNumber = contact.PhoneNumber,
        FirstName = contact.FirstName,
        LastName = contact.LastName,
        Email = contact.Email,
        Company = contact.Company,
        Status = contact.Status ?? ContactStatus.New,
        Tags = new(contact.Tags!),
        CustomFields = new(contact.CustomFields!),
    };
}
