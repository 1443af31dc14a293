namespace CallAgent;

/// <summary>E-mail addresses, typed or spelt out: "grace at navy dot example".</summary>
internal static class SpokenEmail
{
    private const int MaxLocal = 64, MaxDomain = 253;

    private static readonly HashSet<string> Announcements = ["email", "e-mail", "mail", "address"];

    private static readonly HashSet<string> Openings =
        ["yes", "sure", "ok", "okay", "it's", "its", "it", "is", "that's", "that", "my", "the", "um", "uh", "so", "well", "at"];

    private static readonly HashSet<string> NotLocal =
        ["work", "works", "worked", "live", "lives", "stay", "look", "looks", "meet", "reach", "is", "email", "mail", "address"];

    public static string? Find(string text, IReadOnlyList<SpokenToken> tokens) => Typed(text) ?? Spoken(tokens);

    private static string? Typed(string text)
    {
        for (var at = text.IndexOf('@'); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var (start, end) = (at, at + 1);
            while (start > 0 && at - start < MaxLocal && IsLocal(text[start - 1]))
            {
                start--;
            }
            while (end < text.Length && end - at <= MaxDomain && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.'))
            {
                end++;
            }
            var found = Address(text[start..at].Trim('.', '\''), text[(at + 1)..end].TrimEnd('.', '-'));
            if (found is not null && !(start > 0 && at - start == MaxLocal && IsLocal(text[start - 1])))
            {
                return found;
            }
        }
        return null;
    }

    private static bool IsLocal(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '\'' or '&';

    private static string? Address(string local, string domain)
    {
        var labels = domain.Split('.');
        var isDomain = labels.Length > 1 && domain.Length <= MaxDomain
            && labels.All(l => l.Length is > 0 and <= 63 && l[0] != '-' && l[^1] != '-')
            && labels[^1].Length > 1 && char.IsLetter(labels[^1][0]);
        return isDomain && local.Length > 0 && !local.Contains("..", StringComparison.Ordinal) ? $"{local}@{domain}" : null;
    }

    // Only where an address is announced, or where the turn holds nothing else: "I work at Acme dot com" is no address.
    private static string? Spoken(IReadOnlyList<SpokenToken> tokens)
    {
        var announced = false;
        var openings = tokens.TakeWhile(t => !t.IsWord || Openings.Contains(t.Lower)).Count();
        for (var at = 0; at < tokens.Count; at++)
        {
            announced |= Announcements.Contains(tokens[at].Lower);
            if (at == 0 || tokens[at].Lower != "at")
            {
                continue;
            }
            var start = LocalStart(tokens, at);
            var domain = Spelt(tokens, at + 1, out var end);
            var isAlone = start <= openings && tokens.Skip(end).Take(2).All(t => !t.IsWord);
            if ((announced || isAlone) && CanBeLocal(tokens[at - 1]) && Address(Spelt(tokens, start, out _), domain) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private static bool CanBeLocal(SpokenToken token) =>
        token.IsWord && !token.Lower.Contains('\'') && !NotLocal.Contains(token.Lower)
        && !NameWords.Never.Contains(token.Lower) && !NameWords.Common.Contains(token.Lower);

    private static int LocalStart(IReadOnlyList<SpokenToken> tokens, int at)
    {
        var start = at - 1;
        while (start >= 2 && at - start < 12 && Mark(tokens, start - 1) is not null && tokens[start - 2].IsWord)
        {
            start -= 2;
        }
        return start;
    }

    /// <summary>"grace dot hopper" → <c>grace.hopper</c>.</summary>
    private static string Spelt(IReadOnlyList<SpokenToken> tokens, int start, out int end)
    {
        if ((end = start) >= tokens.Count || !tokens[start].IsWord)
        {
            return "";
        }
        var spelt = tokens[end++].Lower;
        while (end + 1 < tokens.Count && end - start < 12 && Mark(tokens, end) is { } mark && tokens[end + 1].IsWord)
        {
            spelt += mark + tokens[end + 1].Lower;
            end += 2;
        }
        return spelt;
    }

    private static char? Mark(IReadOnlyList<SpokenToken> tokens, int at) => tokens[at].Lower switch
    {
        "dot" or "period" => '.',
        "." when at + 1 < tokens.Count && tokens[at + 1].Start == tokens[at].Start + 1 => '.', // "navy.example"
        "underscore" => '_',
        "dash" or "hyphen" => '-',
        "plus" => '+',
        _ => null
    };
}
