using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// The search over contacts: for every word of a text, some word of the contact begins with it; and it has the words of filters. A word of few contacts says
/// which they are. Where every word is one of many, a page is soon full by going along the list and looking at each; unless
/// hardly any contact has them all, and then those that do are found by the words alone.
/// </summary>
internal static class ContactSearch
{
    // Where looking up so many costs about as much as going along the list until a page is full of them.
    private const int Few = 2_000;

    // Of so many contacts of a word, that have the others too: enough to expect a page after looking at some thousands.
    private const int Enough = 50;

    private const int LastDigits = 4;

    public static async Task<IQueryable<Contact>> InAsync(CrmDb db, IQueryable<Contact> contacts, Sought sought, CancellationToken cancellation)
    {
        List<Word> words = [.. WordsOf(sought.Text).Select(w => new Word(w, IsWhole: false)), .. sought.Words.Select(w => new Word(w, IsWhole: true))];
        if (words.Count == 0)
        {
            // What has neither letters nor digits is in nobody's details.
            return string.IsNullOrWhiteSpace(sought.Text) ? contacts : contacts.Where(_ => false);
        }
        // One query for all words; of those that have the same token the newest.
        var found = (await words.Select((word, i) => TokensOf(db, word).OrderByDescending(t => t.Token).ThenByDescending(t => t.ContactId)
                .Select(t => new { Word = i, t.ContactId }).Take(Few + 1))
            .Aggregate((all, next) => all.Concat(next)).ToListAsync(cancellation)).ToLookup(t => t.Word, t => t.ContactId);
        var rarest = Enumerable.Range(0, words.Count).MinBy(i => found[i].Count());
        Guid[] ids = [.. found[rarest].Distinct()];
        Word[] others = [.. words.Where((_, i) => i != rarest)];
        if (found[rarest].Count() <= Few)
        {
            return Having(contacts.Where(c => ids.Contains(c.Id)), others);
        }
        if (others.Length == 0
            || await Having(db.Contacts.Where(c => ids.Contains(c.Id)), others).Select(c => c.Id).Take(Enough).CountAsync(cancellation) == Enough)
        {
            return Having(contacts, words);
        }
        var together = await others.Aggregate(TokensOf(db, words[rarest]), (tokens, word) => tokens.Where(t => TokensOf(db, word).Select(o => o.ContactId).Contains(t.ContactId)))
            .Select(t => t.ContactId).Take(Few + 1).ToArrayAsync(cancellation);
        return together.Length <= Few ? contacts.Where(c => together.Contains(c.Id)) : Having(contacts, words);
    }

    // By position and not by a pattern: of several patterns PostgreSQL expects next to nothing, and reads the whole table rather
    // than go along the list.
#pragma warning disable CA1310, CA2249 // It is translated, and compares as it is.
    private static IQueryable<Contact> Having(IQueryable<Contact> contacts, IEnumerable<Word> words) =>
        words.Select(w => w.Quoted).Aggregate(contacts, (rows, word) => rows.Where(c => c.Words.IndexOf(word) >= 0));
#pragma warning restore CA1310, CA2249

    /// <summary>Rows whose contact matches, for the lists of what belongs to a contact.</summary>
    public static async Task<IQueryable<T>> InAsync<T>(
        CrmDb db, IQueryable<T> rows, Sought sought, Expression<Func<T, Guid>> contactId, CancellationToken cancellation)
        where T : class => rows.Join(await InAsync(db, db.Contacts, sought, cancellation), contactId, c => c.Id, (row, _) => row);

    private static IQueryable<ContactToken> TokensOf(CrmDb db, Word word)
    {
        var (first, after) = (word.Text, word.Text + "\U0010FFFF");
        return word.IsWhole
            ? db.ContactTokens.Where(t => t.Token == first)
            : db.ContactTokens.Where(t => string.Compare(t.Token, first) >= 0 && string.Compare(t.Token, after) < 0);
    }

    // "+1 (415) 555" is looked for as digits; words otherwise.
    private static IEnumerable<string> WordsOf(string text) =>
        text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || "+-.()/ ".Contains(c))
            ? [AsKept(string.Concat(text.Where(char.IsAsciiDigit)))]
            : ContactTokens.WordsOf(text);

    // As one dials it, with 0 before the area or 00 before the country, which is no part of the number. So few digits as may be its last ones stay.
    private static string AsKept(string digits) => digits.Length > LastDigits && digits.TrimStart('0') is { Length: > 0 } number ? number : digits;

    private readonly record struct Word(string Text, bool IsWhole)
    {
        /// <summary>How it looks, or its beginning, in the text of all words of a contact.</summary>
        public string Quoted => ContactTokens.Write([Text])[1..^(IsWhole ? 1 : 2)];
    }
}
