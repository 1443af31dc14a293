namespace CallAgent;

/// <summary>A person's name as they say it, and the token after it.</summary>
internal sealed record SpokenName(string Full, string? First, string? Last, int End, bool IsSure = false)
{
    private const int MaxWords = 5;

    // The surest first. A loose one is often followed by something else: "this is great", "I'm fine".
    private static readonly (string[] Words, bool IsSure)[] Openings =
    [
        (["my", "name", "is"], true), (["my", "name's"], true), (["my", "full", "name", "is"], true),
        (["the", "name", "is"], false), (["the", "name's"], false), (["this", "is"], false),
        (["you're", "speaking", "to"], false), (["you're", "speaking", "with"], false), (["you", "are", "speaking", "with"], false),
        (["i'm"], false), (["i", "am"], false), (["it's"], false), (["call", "me"], false)
    ];

    public static SpokenName? Find(IReadOnlyList<SpokenToken> tokens)
    {
        foreach (var (words, isSure) in Openings)
        {
            // Who is sure and says it twice has put it right: "my name is John, no, my name is Jack".
            foreach (var i in isSure ? Enumerable.Range(0, tokens.Count).Reverse() : Enumerable.Range(0, tokens.Count))
            {
                if (i + words.Length < tokens.Count && Follows(tokens, i, words) && Read(tokens, i + words.Length, isSure) is { } name
                    && (words[0] != "it's" || IsAt(tokens, name.End, "here", "from", "calling", "at")))
                {
                    return name with { IsSure = isSure };
                }
            }
        }
        return BeforeSpeaking(tokens);
    }

    private static bool Follows(IReadOnlyList<SpokenToken> tokens, int at, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (tokens[at + i].Lower != words[i])
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsAt(IReadOnlyList<SpokenToken> tokens, int at, params ReadOnlySpan<string> words) =>
        at < tokens.Count && words.Contains(tokens[at].Lower);

    private static SpokenName? Read(IReadOnlyList<SpokenToken> tokens, int start, bool isSure)
    {
        var hasTitle = IsAt(tokens, start, "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "doctor", "sir");
        start += hasTitle ? IsAt(tokens, start + 1, ".") ? 2 : 1 : 0;
        var words = new List<string>();
        var end = start;
        while (end < tokens.Count && words.Count < MaxWords && Takes(tokens, end, words.Count, isSure))
        {
            words.Add(tokens[end++].Text);
            if (words[^1].Length == 1 && IsAt(tokens, end, ".") && end + 1 < tokens.Count && tokens[end + 1].IsCapitalised)
            {
                words[^1] += tokens[end++].Text;
            }
        }
        var isSomebodyElses = words.Count > 0 && tokens[end - 1].IsPossessive;
        return words.Count == 0 || isSomebodyElses || IsAt(tokens, end, "@") || SpokenCompany.IsSuffix(tokens[end - 1].Lower)
            ? null
            : Of(words, hasTitle, end);
    }

    private static bool Takes(IReadOnlyList<SpokenToken> tokens, int at, int position, bool isSure)
    {
        var token = tokens[at];
        if (!token.IsWord || char.IsDigit(token.Text[0]))
        {
            return false;
        }
        if (NameWords.Particles.Contains(token.Text))
        {
            return at + 1 < tokens.Count && (tokens[at + 1].IsCapitalised || NameWords.Particles.Contains(tokens[at + 1].Text));
        }
        if (NameWords.Never.Contains(token.Lower))
        {
            return token.Text is "Will" or "May";
        }
        if (token.IsCapitalised)
        {
            return isSure || position > 0 || !NameWords.Common.Contains(token.Lower);
        }
        // A transcript without capitals: believed after a sure opening, for two words.
        return isSure && position < 2 && !NameWords.Common.Contains(token.Lower);
    }

    private static SpokenName? BeforeSpeaking(IReadOnlyList<SpokenToken> tokens)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].Lower != "speaking" || (i + 1 < tokens.Count && tokens[i + 1].IsWord))
            {
                continue;
            }
            var start = i;
            while (start > 0 && i - start < MaxWords && Takes(tokens, start - 1, 0, false))
            {
                start--;
            }
            if (start < i && Read(tokens, start, false) is { } name && name.End == i)
            {
                return name;
            }
        }
        return null;
    }

    private static SpokenName Of(List<string> words, bool hasTitle, int end)
    {
        var spelt = words.Select((w, i) => i > 0 && NameWords.Particles.Contains(w) ? w : char.ToUpperInvariant(w[0]) + w[1..]);
        var full = string.Join(' ', spelt);
        if (words.Count == 1)
        {
            return hasTitle ? new(full, null, full, end) : new(full, full, null, end);
        }
        return new(full, spelt.First(), string.Join(' ', spelt.Skip(1)), end);
    }
}
