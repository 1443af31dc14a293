using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Contacts typed or pasted as lines of "name, number", with an e-mail address or company in any place.</summary>
internal static class TypedContacts
{
    public const int MostLines = 100;

    private const string Field = "lines";
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>
    /// Adds the lines in their order until one cannot be. Whoever is there already is left as they are.
    /// </summary>
    /// <returns>How many are new, and when a line was refused: that line and those after it, and why.</returns>
    public static async Task<(int Added, string Left, Problem? Problem)> AddAsync(Workspace workspace, string text, CancellationToken cancellation)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length is 0 or > MostLines)
        {
            return (0, text, Problem.Invalid(Field, lines.Length == 0 ? "Give at least one line with a number." : $"Takes {MostLines} lines at once. Import a longer list as a file."));
        }
        var added = 0;
        foreach (var (n, line) in lines.Index())
        {
            var created = await workspace.Contacts.CreateAsync(Read(line), cancellation);
            if (created.Problem is { Name: not Problem.PhoneNumberTaken } problem)
            {
                return (added, string.Join('\n', lines[n..]), AtLine(line, problem));
            }
            added += created.Problem is null ? 1 : 0;
        }
        return (added, "", null);
    }

    private static CreateContact Read(string line)
    {
        var parts = line.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var number = Array.FindLast(parts, IsLikeNumber) ?? "";
        var email = Array.Find(parts, p => p.Contains('@', StringComparison.Ordinal));
        var words = parts.Where(p => p != number && p != email).ToArray();
        var (first, last) = words.FirstOrDefault() is { } name ? PersonName.Split(name, isSpoken: true) : default;
        return new()
        {
            PhoneNumber = number,
            FirstName = first,
            LastName = last,
            Email = email,
            Company = words.ElementAtOrDefault(1),
        };
    }

    private static bool IsLikeNumber(string part) => part.Count(char.IsAsciiDigit) >= 5 && part.All(c => char.IsAsciiDigit(c) || "+-.()/ ".Contains(c, StringComparison.Ordinal));

    private static Problem AtLine(string line, Problem problem)
    {
        var shown = line.Length > 60 ? line[..60] + "…" : line;
        return problem.Errors is { } errors
            ? Problem.Invalid(Field, $"“{shown}”: {string.Join(' ', errors.SelectMany(e => e.Value.Select(m => $"{Words.Of(e.Key)}: {m}")))}")
            : problem;
    }
}
