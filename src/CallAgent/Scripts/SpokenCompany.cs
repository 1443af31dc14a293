namespace CallAgent;

/// <summary>The company somebody says they are with.</summary>
internal static class SpokenCompany
{
    private const int MaxWords = 6;

    private static readonly HashSet<string> Suffixes =
    [
        "inc", "ltd", "llc", "llp", "plc", "corp", "corporation", "company", "co", "gmbh", "ag", "kg", "sa", "sarl", "sas",
        "srl", "spa", "bv", "nv", "ab", "oy", "aps", "kk", "pty", "pvt", "limited", "incorporated", "group", "holdings"
    ];

    private static readonly string[][] Openings =
    [
        ["i", "work", "at"], ["i", "work", "for"], ["i", "work", "with"], ["working", "at"], ["working", "for"],
        ["calling", "from"], ["speaking", "from"], ["on", "behalf", "of"],
        ["our", "company", "is"], ["my", "company", "is"], ["the", "company", "is"], ["company", "is", "called"],
        ["company", "name", "is"], ["company", "called"], ["company's", "called"], ["business", "is", "called"]
    ];

    public static bool IsSuffix(string lower) => Suffixes.Contains(lower);

    /// <param name="tokens">What was said.</param>
    /// <param name="name">Whoever says "this is John from Acme" has named both.</param>
    public static string? Find(IReadOnlyList<SpokenToken> tokens, SpokenName? name)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var opening = Openings.FirstOrDefault(o => IsAt(tokens, i, o));
            if (opening is not null && Read(tokens, i + opening.Length) is { } stated)
            {
                return stated;
            }
            if (i == name?.End && AfterName(tokens, i) is { } named)
            {
                return named;
            }
            if ((tokens[i].Lower is "from" or "with" or "at" or "for" or "we're" || (i > 0 && IsAt(tokens, i - 1, ["this", "is"])))
                && Read(tokens, i + 1) is { } legal && IsSuffix(legal[(legal.LastIndexOf(' ') + 1)..].ToLowerInvariant()))
            {
                return legal;
            }
        }
        return null;
    }

    private static bool IsAt(IReadOnlyList<SpokenToken> tokens, int at, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (at + i >= tokens.Count || tokens[at + i].Lower != words[i])
            {
                return false;
            }
        }
        return true;
    }

    private static string? AfterName(IReadOnlyList<SpokenToken> tokens, int at)
    {
        at += tokens[at].Text == "," ? 1 : 0;
        at += at < tokens.Count && tokens[at].Lower is "here" or "calling" ? 1 : 0;
        return at < tokens.Count && tokens[at].Lower is "from" or "with" or "at" ? Read(tokens, at + 1) : null;
    }

    private static string? Read(IReadOnlyList<SpokenToken> tokens, int start)
    {
        var words = new List<string>();
        var end = start;
        while (end < tokens.Count && words.Count < MaxWords && Takes(tokens, end, words.Count))
        {
            words.Add(tokens[end].Text);
            end += IsLegalForm(tokens, end + 1) ? 2 : 1;
        }
        var isArticleOnly = words is [var only] && only.Equals("the", StringComparison.OrdinalIgnoreCase);
        return words.Count == 0 || isArticleOnly || IsSuffix(words[0].ToLowerInvariant()) ? null : string.Join(' ', words);
    }

    private static bool Takes(IReadOnlyList<SpokenToken> tokens, int at, int position)
    {
        var token = tokens[at];
        var next = at + 1 < tokens.Count ? tokens[at + 1] : default;
        if (token.Text == "&" || (position > 0 && token.Lower is "of" or "de" or "et"))
        {
            return position > 0 && next.IsWord && next.IsCapitalised;
        }
        if (!token.IsWord || NameWords.Never.Contains(token.Lower) || NameWords.Times.Contains(token.Lower))
        {
            return position == 0 && token.Lower is "the" && next.IsWord && next.IsCapitalised;
        }
        if (position > 0 && IsSuffix(token.Lower))
        {
            return true;
        }
        return token.IsCapitalised && !token.IsPossessive && !(position == 0 && NameWords.Common.Contains(token.Lower));
    }

    // The comma of "Acme, Inc."
    private static bool IsLegalForm(IReadOnlyList<SpokenToken> tokens, int at) =>
        at + 1 < tokens.Count && tokens[at].Text == "," && IsSuffix(tokens[at + 1].Lower);
}
