using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The words by which contacts are found, and the search over them.</summary>
internal static class ContactTokens
{
    public const int MaxLength = 64;

    private const int MostWords = 6;

    /// <summary>Marks the contacts whose number is in no country's plan; few, and looked for to be mended.</summary>
    public const string InvalidPhone = "phone:invalid";

    public static string Tag(string tag) => Cut($"tag:{tag}");

    public static HashSet<string> Of(Contact contact)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in new[] { contact.FirstName, contact.LastName, contact.Email, contact.Company })
        {
            tokens.UnionWith(Text.Words(text).Select(Cut));
        }
        var digits = contact.PhoneNumber[1..];
        tokens.UnionWith([digits, Phone.NationalDigits(contact.PhoneNumber), digits[^4..]]);
        tokens.UnionWith(contact.Tags.Select(Tag));
        if (!contact.PhoneValid)
        {
            tokens.Add(InvalidPhone);
        }
        return tokens;
    }

    /// <summary>Makes the stored tokens those of the contact; <paramref name="before"/> is what is stored now.</summary>
    public static void Update(CrmDb db, Contact contact, HashSet<string> before)
    {
        var after = Of(contact);
        db.AddRange(after.Except(before).Select(Row));
        db.RemoveRange(before.Except(after).Select(Row));

        ContactToken Row(string token) => new() { UserId = db.UserId, Token = token, ContactId = contact.Id };
    }

    public static IQueryable<Contact> With(CrmDb db, IQueryable<Contact> contacts, string token) =>
        contacts.Where(c => db.ContactTokens.Any(t => t.Token == token && t.ContactId == c.Id));

    /// <summary>Contacts that have every word of a text: what an index can say of equality with a whole field.</summary>
    public static IQueryable<Contact> WithWordsOf(CrmDb db, IQueryable<Contact> contacts, string text) =>
        Text.Words(text).Select(Cut).Distinct().Take(MostWords).Aggregate(contacts, (rows, word) => With(db, rows, word));

    /// <summary>Contacts of which, for every word of the text, some word begins with it.</summary>
    public static IQueryable<Contact> Search(CrmDb db, IQueryable<Contact> contacts, string text)
    {
        foreach (var word in SearchWords(text))
        {
            var (from, to) = (word, word + "\U0010FFFF");
            contacts = contacts.Where(c => db.ContactTokens.Any(t =>
                t.ContactId == c.Id && string.Compare(t.Token, from) >= 0 && string.Compare(t.Token, to) < 0));
        }
        return contacts;
    }

    /// <summary>Rows whose contact matches, for the lists of what belongs to a contact.</summary>
    public static IQueryable<T> SearchBelonging<T>(CrmDb db, IQueryable<T> rows, string text, System.Linq.Expressions.Expression<Func<T, Guid>> contactId)
        where T : class => rows.Join(Search(db, db.Contacts, text), contactId, c => c.Id, (row, _) => row);

    // "+1 (415) 555" is looked for as digits; words otherwise.
    private static IEnumerable<string> SearchWords(string text) =>
        text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || "+-.()/ ".Contains(c))
            ? [string.Concat(text.Where(char.IsAsciiDigit))]
            : Text.Words(text).Select(Cut).Distinct().Take(MostWords);

    private static string Cut(string token) => token.Length > MaxLength ? token[..MaxLength] : token;
}
