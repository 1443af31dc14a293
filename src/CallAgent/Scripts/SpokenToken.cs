using System.Globalization;

namespace CallAgent;

/// <summary>A word, or one mark of punctuation, of spoken text.</summary>
internal readonly record struct SpokenToken(string Text, int Start, bool IsWord)
{
    public string Lower { get; } = Text.Replace('’', '\'').ToLowerInvariant();

    /// <summary>Written as a name is: with a capital, or in a script that has none.</summary>
    public bool IsCapitalised => IsWord && (HasCapital(Text) || IsCaseless(Text[0]));

    public bool IsPossessive => Lower.EndsWith("'s", StringComparison.Ordinal);

    /// <summary>Linear; apostrophes, hyphens and the like stay inside a word, not at its ends.</summary>
    public static IReadOnlyList<SpokenToken> Read(string text)
    {
        var tokens = new List<SpokenToken>();
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && (IsPart(text[end]) || (end > i && IsJoint(text, end))))
            {
                end++;
            }
            if (end > i)
            {
                tokens.Add(new(text[i..end], i, true));
            }
            else if (!char.IsWhiteSpace(text[end++]))
            {
                tokens.Add(new(text[i..end], i, false));
            }
            i = end;
        }
        return tokens;
    }

    private static bool IsJoint(string text, int at) =>
        text[at] is '\'' or '’' or '-' or '‐' && at + 1 < text.Length && IsPart(text[at + 1]);

    private static bool IsPart(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool HasCapital(string word) => char.IsUpper(word[0]) || (word.Length > 1 && char.IsUpper(word[1]));

    private static bool IsCaseless(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;
}
