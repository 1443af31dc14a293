using System.Globalization;
using System.Text;

namespace CallAgent;

/// <summary>Spoken text made comparable, and where its words begin and end.</summary>
internal static class Words
{
    /// <summary>Upper case, one space for any white space, straight apostrophes, composed characters.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
            {
                folded.Append(rune.Value is '’' or 'ʼ' ? "'" : Rune.ToUpperInvariant(rune).ToString());
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }
        return folded.ToString().TrimEnd().Normalize();
    }

    /// <summary>Whether folded text holds a folded phrase as whole words; "follow-up" and "follow up" are the same.</summary>
    public static bool Contains(string folded, string phrase) => phrase.Length > 0 && (Holds(folded, phrase)
        || (phrase.Contains('-') && Holds(folded, phrase.Replace('-', ' ')))
        || (phrase.Contains(' ') && folded.Contains('-') && Holds(folded.Replace('-', ' '), phrase)));

    private static bool Holds(string folded, string phrase)
    {
        for (var at = 0; (at = folded.IndexOf(phrase, at, StringComparison.Ordinal)) >= 0; at++)
        {
            if (IsBoundary(folded, at) && IsBoundary(folded, at + phrase.Length))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsBoundary(string text, int at) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var before, out _) != System.Buffers.OperationStatus.Done
        || Rune.DecodeFromUtf16(text.AsSpan(at), out var after, out _) != System.Buffers.OperationStatus.Done
        || (!IsHyphen(text, at - 1) && !IsHyphen(text, at) && (!IsPart(before) || !IsPart(after)))
        || IsUnspaced(before) || IsUnspaced(after);

    // Within a word: "no" is not found in "no-one".
    private static bool IsHyphen(string text, int at) =>
        text[at] == '-' && at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);

    // An apostrophe joins: "can" is not found in "can't".
    private static bool IsPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '\''
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Thai, Lao, Burmese, Khmer, Japanese and Chinese write no space between words.
    private static bool IsUnspaced(Rune rune) =>
        rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
            or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
