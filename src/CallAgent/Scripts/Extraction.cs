using PhoneNumbers;

namespace CallAgent;

/// <summary>Finds in what a contact says who they are and how to reach them. Takes time in proportion to the text.</summary>
internal static class Extraction
{
    private const int MaxCharacters = 10_000;

    public static IReadOnlyDictionary<string, string> From(string text, string defaultRegion)
    {
        var bounded = text.Length > MaxCharacters ? text[..MaxCharacters] : text;
        var tokens = SpokenToken.Read(bounded);
        var found = new OrderedDictionary<string, string>();
        var name = SpokenName.Find(tokens);
        Add("name", name?.Full);
        Add("first_name", name?.First);
        Add("last_name", name?.Last);
        Add("email", SpokenEmail.Find(bounded, tokens));
        Add("phone_number", Phone(bounded, defaultRegion));
        Add("company", SpokenCompany.Find(tokens, name));
        return found;

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                found[key] = value;
            }
        }
    }

    private static string? Phone(string text, string defaultRegion)
    {
        var phones = PhoneNumberUtil.GetInstance();
        var region = defaultRegion.ToUpperInvariant();
        if (!phones.GetSupportedRegions().Contains(region))
        {
            region = "ZZ"; // none: only numbers with a country code
        }
        return PhoneCandidates(text)
            .Take(20)
            .SelectMany(candidate => phones.FindNumbers(candidate, region, PhoneNumberUtil.Leniency.VALID, 5))
            .Select(match => phones.Format(match.Number, PhoneNumberFormat.E164))
            .FirstOrDefault();
    }

    /// <summary>
    /// Short runs of digits and what is written between them: the library's own search backtracks over long ones.
    /// </summary>
    private static IEnumerable<string> PhoneCandidates(string text)
    {
        const int shortest = 5, longest = 100;
        for (var start = 0; start < text.Length; start++)
        {
            if (!IsDialled(text[start]) || char.IsWhiteSpace(text[start]))
            {
                continue;
            }
            var (end, digits) = (start, 0);
            for (; end < text.Length && IsDialled(text[end]); end++)
            {
                digits += char.IsDigit(text[end]) ? 1 : 0;
            }
            var joined = start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] is '@' or '_');
            if (digits >= shortest && !joined && text.AsSpan(start, end - start).Trim().Length <= longest)
            {
                yield return text[start..end];
            }
            start = end;
        }
    }

    private static bool IsDialled(char c) =>
        char.IsDigit(c) || c is '+' or '＋' or '-' or '‐' or '‑' or '–' or '.' or '(' or ')' or '/' or ' ' or '\u00A0' or '\t';
}
