namespace CallAgent.Server;

/// <summary>
/// A form that arrived after its session had ended: it travels through the sign-in page in hidden fields, and is shown once
/// more before it is sent, because whoever made this page send it may have been somebody else.
/// </summary>
public sealed record KeptForm(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const string Prefix = "kept:";
    private const string PathField = "kept_path";
    private const int MostFields = 200;

    /// <summary>The form in this request; <c>null</c> when it is none, or an upload, which is not kept.</summary>
    public static async Task<KeptForm?> OfAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return New(context.Request.Path + context.Request.QueryString, form.SelectMany(f => f.Value.Select(v => KeyValuePair.Create(f.Key, v ?? ""))));
    }

    /// <summary>The form that a sign-in form carries along.</summary>
    public static KeptForm? Of(PageForm form) => form.Text(PathField) is not { } path ? null
        : New(path, form.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .SelectMany(n => form.All(n).DefaultIfEmpty("").Select(v => KeyValuePair.Create(n[Prefix.Length..], v))));

    /// <summary>The hidden fields that carry it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Carried =>
        Fields.Select(f => KeyValuePair.Create(Prefix + f.Key, f.Value)).Prepend(KeyValuePair.Create(PathField, Path));

    private static KeptForm? New(string path, IEnumerable<KeyValuePair<string, string>> fields) =>
        PageRoutes.LocalPath(path) != path ? null : new(path, [.. fields.Where(f => f.Key != FormToken.Field).Take(MostFields)]);
}
