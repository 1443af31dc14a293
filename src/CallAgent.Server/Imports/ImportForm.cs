using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>What becomes of a file's columns, as the form of its page sends it.</summary>
internal static class ImportForm
{
    private const string Custom = "custom_fields.";

    private static readonly (string Value, string Text)[] Known =
    [
        ("phone_number", "Phone number"), ("first_name", "First name"), ("last_name", "Last name"), ("full_name", "Full name"), ("email", "E-mail"),
        ("company", "Company"), ("status", "Status"), ("tags", "Tags"), ("custom_fields", "Custom fields, as JSON"), ("ignore", "Leave out"),
    ];

    public static string ColumnField(int column) => string.Create(CultureInfo.InvariantCulture, $"column_{column}");

    /// <summary>What a column can become: a known field, or a custom one of its own name or of the name it has now.</summary>
    public static IEnumerable<(string Value, string Text)> Choices(ImportColumn column) =>
        Known.Concat(new[] { Custom + column.Name, column.Field }.Where(f => f.StartsWith(Custom, StringComparison.Ordinal)).Distinct()
            .Select(f => (f, $"Custom field “{f[Custom.Length..]}”")));

    public static PageForm Of(Import import) => new(new Dictionary<string, string?>
    {
        ["default_region"] = import.DefaultRegion,
        ["on_duplicate"] = import.OnDuplicate.ToText(),
        ["tags"] = string.Join(", ", import.Tags),
        ["status"] = import.Status.ToText(),
    }.Concat(import.Columns.Select((c, i) => KeyValuePair.Create(ColumnField(i), (string?)c.Field))));

    public static UpdateImport ToUpdate(PageForm form, Import import) => new()
    {
        Mapping = new(import.Columns.Select((c, i) => (c.Name, Field: form.Text(ColumnField(i)) ?? c.Field)).ToDictionary(c => c.Name, c => c.Field)),
        DefaultRegion = form.Text("default_region") ?? import.DefaultRegion,
        OnDuplicate = form.Choice<OnDuplicate>("on_duplicate") ?? import.OnDuplicate,
        Tags = new(ContactForm.TagsOf(form["tags"])),
        Status = form.Choice<ContactStatus>("status") ?? import.Status,
    };
}
