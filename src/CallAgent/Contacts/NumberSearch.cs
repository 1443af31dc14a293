using System.Linq.Expressions;

namespace CallAgent;

/// <summary>
/// Contacts by their number, as one looks it up: all of it where it begins with a plus, which an address turns into a space unless it is
/// escaped; else without the code of its country, whatever that is, or with it.
/// </summary>
internal static class NumberSearch
{
    // Of the shortest national numbers; fewer would be the end of many.
    private const int FewestDigits = 5;

    /// <summary>The words that every such contact has; <c>null</c> when it is no number. A whole one has an index of its own and needs none.</summary>
    public static IReadOnlyList<string>? WordsOf(string text) =>
        Phone.DigitsOf(text, FewestDigits) is not { } digits ? null : IsWhole(text) ? [] : [digits.TrimStart('0')];

    /// <summary>Whether a contact has that number.</summary>
    public static Expression<Func<Contact, bool>> Is(string text)
    {
        var (whole, end) = ("+" + Phone.DigitsOf(text, FewestDigits), Phone.DigitsOf(text, FewestDigits)!.TrimStart('0'));
        return IsWhole(text) ? c => c.PhoneNumber == whole : c => c.PhoneNumber.EndsWith(end);
    }

    /// <summary>A number with the code of its country, as it is stored; <c>null</c> when the text is none.</summary>
    public static string? Whole(string text) => Phone.DigitsOf(text, FewestDigits) is { } digits && IsWhole(text) ? "+" + digits : null;

    private static bool IsWhole(string text) => text[0] is '+' or ' ';
}
