using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The words by which contacts are found.</summary>
internal static class ContactTokens
{
    public const int MaxLength = 64;

    private const int MostWords = 6;

    /// <summary>Marks the contacts whose number is in no country's plan; few, and looked for to be mended.</summary>
    public const string InvalidPhone = "phone:invalid";

    // Letters as they are, and a quote within a token as \u0022: then a quote is nothing but where a token begins or ends.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Tag(string tag) => Cut($"tag:{tag}");

    public static HashSet<string> Of(Contact contact)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in new[] { contact.FirstName, contact.LastName, contact.Email, contact.Company })
        {
            tokens.UnionWith(Text.Words(text).Select(Cut));
        }
        var (digits, national) = (contact.PhoneNumber[1..], Phone.NationalDigits(contact.PhoneNumber));
        // A zero at the beginning is dialled within most countries, belongs to the number in Italy, and is looked up without either way.
        tokens.UnionWith([digits, national, national.TrimStart('0'), digits[^4..]]);
        tokens.UnionWith(contact.Tags.Select(Tag));
        if (!contact.PhoneValid)
        {
            tokens.Add(InvalidPhone);
        }
        return tokens;
    }

    /// <summary>The tokens as the contact itself has them, see <see cref="Contact.Words"/>.</summary>
    public static string Write(IEnumerable<string> tokens) => JsonSerializer.Serialize(tokens, Plain);

    /// <summary>Makes the stored tokens those of the contact; <paramref name="before"/> is what is stored now.</summary>
    public static void Update(CrmDb db, Contact contact, HashSet<string> before)
    {
        var after = Of(contact);
        contact.Words = Write(after);
        db.AddRange(after.Except(before).Select(Row));
        db.RemoveRange(before.Except(after).Select(Row));

        ContactToken Row(string token) => new() { UserId = db.UserId, Token = token, ContactId = contact.Id };
    }

    /// <summary>The first words of a text, as they are kept.</summary>
    public static IEnumerable<string> WordsOf(string text) => Text.Words(text).Select(Cut).Distinct().Take(MostWords);

    // Not in the middle of a pair.
    private static string Cut(string token) =>
        token.Length <= MaxLength ? token : token[..(char.IsHighSurrogate(token[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
}
