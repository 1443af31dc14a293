using Microsoft.Extensions.Primitives;

namespace CallAgent.Server;

/// <summary>
/// What a form sent, by the names that fields have in the API too, so that a service's errors find their field. Kept as
/// text: a page that refuses a form shows every value as it was typed.
/// </summary>
public sealed class PageForm
{
    private readonly Dictionary<string, StringValues> values = new(StringComparer.Ordinal);

    public PageForm()
    {
    }

    private PageForm(IFormCollection form) => values = form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);

    /// <summary>A form as it is before anybody typed; values by field.</summary>
    public PageForm(IEnumerable<KeyValuePair<string, string?>> initial) =>
        values = initial.ToDictionary(f => f.Key, f => new StringValues(f.Value ?? ""), StringComparer.Ordinal);

    /// <summary>Binds a handler's parameter.</summary>
    public static async ValueTask<PageForm> BindAsync(HttpContext context) => context.Request.HasFormContentType
        ? new(await context.Request.ReadFormAsync(context.RequestAborted))
        : throw new ProblemException(Problem.Invalid("body", "Must be a form."));

    /// <summary>The names of the fields that were sent.</summary>
    public IEnumerable<string> Names => values.Keys;

    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The value as it was typed; empty when the field was not sent.</summary>
    public string this[string name] => values.TryGetValue(name, out var value) ? value.LastOrDefault() ?? "" : "";

    /// <summary>The value without spaces around it; <c>null</c> when nothing is left.</summary>
    public string? Text(string name) => this[name].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>All values of a field that may be sent several times, such as check boxes.</summary>
    public IReadOnlyList<string> All(string name) =>
        values.TryGetValue(name, out var value) ? [.. value.OfType<string>().Where(v => v.Length > 0)] : [];

    /// <summary>An enum by its API name, such as <c>not_interested</c>; <c>null</c> when it is none.</summary>
    public T? Choice<T>(string name) where T : struct, Enum => EnumTexts.FromText<T>(this[name]);

    public int? Number(string name) =>
        int.TryParse(this[name], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    public Guid? Id(string name) => Guid.TryParseExact(this[name], "D", out var id) ? id : null;

    public bool IsOn(string name) => this[name] is "on" or "true" or "1";
}
