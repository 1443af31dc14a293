using System.Text.Json;
using PhoneNumbers;

namespace CallAgent;

/// <summary>What was found in a contact's words: who they are and how to reach them. Finding it takes time in proportion to the text.</summary>
/// <param name="Fields">What was found, by field.</param>
/// <param name="IsNameSure">Whether the name was told as one, and not only in words that are often followed by something else, such as "I'm …".</param>
internal sealed record Extraction(IReadOnlyDictionary<string, string> Fields, bool IsNameSure)
{
    private const int MaxCharacters = 10_000;

    private static readonly string[] NameFields = ["name", "first_name", "last_name"];

    public static Extraction Nothing { get; } = new(new Dictionary<string, string>(), IsNameSure: false);

    /// <summary>What is known with this: a name comes as a whole, and one that is a guess replaces none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Into(IReadOnlyDictionary<string, JsonElement> known)
    {
        var isNamed = NameFields.Any(Fields.ContainsKey);
        var takesName = isNamed && (IsNameSure || !NameFields.Any(f => CollectedFields.Has(known, f)));
        var fields = known.Where(f => !takesName || !NameFields.Contains(f.Key)).ToDictionary();
        foreach (var (field, value) in Fields.Where(f => takesName || !NameFields.Contains(f.Key)))
        {
            fields[field] = JsonSerializer.SerializeToElement(value);
        }
        return fields;
    }

    /// <summary>Whether a look for phone numbers is worth while.</summary>
    public static bool MayHaveNumber(string text) => PhoneCandidates(Bounded(text)).Any();

    /// <summary>What a text says.</summary>
    /// <param name="text">A contact's words; of very long ones the beginning.</param>
    /// <param name="regions">In which numbers without a country's code are read, the likeliest first.</param>
    public static Extraction From(string text, params IReadOnlyList<string> regions)
    {
        var bounded = Bounded(text);
        var tokens = SpokenToken.Read(bounded);
        var found = new OrderedDictionary<string, string>();
        var name = SpokenName.Find(tokens);
        Add("name", name?.Full);
        Add("first_name", name?.First);
        Add("last_name", name?.Last);
        Add("email", SpokenEmail.Find(bounded, tokens));
        Add("phone_number", regions.Distinct().Select(r => Phone(bounded, r)).FirstOrDefault(n => n is not null));
        Add("company", SpokenCompany.Find(tokens, name));
        return new(found, name?.IsSure == true);

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                found[key] = value;
            }
        }
    }

    private static string Bounded(string text) => text.Length > MaxCharacters ? text[..MaxCharacters] : text;

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
