namespace CallAgent;

internal static class Tags
{
    public const int Most = 50;

    public const string Rule = "Must have 1 to 50 characters and no comma, quote, slash or %2f.";

    private const int MaxLength = 50;

    /// <summary>A tag as it is kept: trimmed, lower case, <c>-</c> for spaces; <c>null</c> when it cannot be one.</summary>
    public static string? Normalise(string tag)
    {
        // An address could not tell "%2f" from a slash.
        if (Validation.OfText(tag) is not null || tag.Contains("%2f", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var normal = string.Join('-', tag.Trim().Normalize().ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return normal.Length is 0 or > MaxLength || normal.Any(c => char.IsControl(c) || c is ',' or '"' or '/')
            ? null
            : normal;
    }

    /// <summary>All tags normalised, each once, in the order given; or what is wrong.</summary>
    public static Result<IReadOnlyList<string>> NormaliseAll(IReadOnlyList<string> tags)
    {
        var normal = new List<string>();
        for (var i = 0; i < tags.Count; i++)
        {
            if (Normalise(tags[i]) is not { } tag)
            {
                return Problem.Invalid($"tags[{i}]", Rule);
            }
            if (!normal.Contains(tag))
            {
                normal.Add(tag);
            }
        }
        return normal.Count > Most ? Problem.Invalid("tags", $"Must have at most {Most} entries.") : normal;
    }
}
