using System.Globalization;

namespace CallAgent;

/// <summary>The stages of a call: six known slugs, and any others a campaign adds.</summary>
public static class Stages
{
    private const int MaxLength = 64;

    private static readonly OrderedDictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["introduction"] = "Introduction",
        ["needs_assessment"] = "Needs assessment",
        ["solution_presentation"] = "Solution presentation",
        ["objection_handling"] = "Objection handling",
        ["closing"] = "Closing",
        ["follow_up"] = "Follow-up"
    };

    public static IReadOnlyList<string> Known { get; } = [.. Labels.Keys];

    public static IReadOnlyList<string> Default { get; } = [.. Labels.Keys.Take(5)];

    public static bool IsSlug(string slug) =>
        slug.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterLower(slug[0])
        && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    public static string Label(string slug) => Labels.TryGetValue(slug, out var label) ? label : Humanise(slug);

    /// <summary>The slug of a stage with this name; <c>null</c> when the name has no letters to make one of.</summary>
    public static string? SlugOf(string name)
    {
        var known = Labels.FirstOrDefault(l => l.Key == name || string.Equals(l.Value, name.Trim(), StringComparison.OrdinalIgnoreCase)).Key;
        var words = Text.Words(name).Select(w => string.Concat(w.Where(char.IsAsciiLetterOrDigit))).Where(w => w.Length > 0);
        var slug = known ?? string.Join('_', words);
        slug = slug.Length > MaxLength ? slug[..MaxLength].TrimEnd('_') : slug;
        return IsSlug(slug) ? slug : null;
    }

    /// <summary>The stage after this one; null after the last, or when the stage is not one of them.</summary>
    public static string? Next(IReadOnlyList<string> stages, string stage)
    {
        for (var i = 0; i < stages.Count - 1; i++)
        {
            if (stages[i] == stage)
            {
                return stages[i + 1];
            }
        }
        return null;
    }

    private static string Humanise(string slug)
    {
        var words = slug.Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? slug : string.Concat(StringInfo.GetNextTextElement(words).ToUpperInvariant(),
            words.AsSpan(StringInfo.GetNextTextElementLength(words)));
    }
}
