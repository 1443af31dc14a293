using System.Globalization;
using PhoneNumbers;

namespace CallAgent;

/// <summary>A number in E.164, and whether its country's numbering plan has it.</summary>
internal readonly record struct ParsedPhone(string E164, bool IsValid);

internal static class Phone
{
    private const int FewestDigits = 7;
    private const int MostDigits = 15;

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// Reads a number in international form, or in national form of <paramref name="region"/>. What has the shape of a
    /// number but is none, is kept and marked; what cannot be one answers <c>null</c>.
    /// </summary>
    public static ParsedPhone? Parse(string text, string region)
    {
        var plain = Plain(text);
        if (DigitsOf(plain) is not { } digits)
        {
            return null;
        }
        var read = Read(plain, region);
        // Where 00 does not lead abroad, nobody's number begins with it either.
        if (read is not { IsValid: true } && plain.StartsWith("00", StringComparison.Ordinal) && Read("+" + plain[2..], region) is { IsValid: true } abroad)
        {
            return abroad;
        }
        return read ?? (plain.StartsWith('+') ? new("+" + digits, false) : null);
    }

    /// <summary>The digits of what has the shape of a number; <c>null</c> for anything else.</summary>
    public static string? DigitsOf(string text, int fewest = FewestDigits)
    {
        var (plain, digits) = (Plain(text), string.Concat(text.Where(char.IsAsciiDigit)));
        return digits.Length < fewest || digits.Length > MostDigits || plain.Any(c => !char.IsAsciiDigit(c) && !"+-.()/ ".Contains(c)) || plain.LastIndexOf('+') > 0
            ? null
            : digits;
    }

    private static ParsedPhone? Read(string plain, string region)
    {
        try
        {
            var number = Library.Parse(plain, region);
            var e164 = Library.Format(number, PhoneNumberFormat.E164);
            return e164.Length - 1 is >= FewestDigits and <= MostDigits ? new(e164, Library.IsValidNumber(number)) : null;
        }
        catch (NumberParseException)
        {
            return null; // No country has such a number.
        }
    }

    // As spreadsheets and address books write it: with spaces that do not break, dashes of any length, and marks of direction.
    private static string Plain(string text) => text.All(char.IsAscii) ? text.Trim() : string.Concat(text.Select(c => CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.SpaceSeparator => ' ',
        UnicodeCategory.DashPunctuation => '-',
        _ => c,
    }).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)).Trim();

    /// <summary>The number without its country code.</summary>
    public static string NationalDigits(string e164)
    {
        try
        {
            return Library.GetNationalSignificantNumber(Library.Parse(e164, null));
        }
        catch (NumberParseException)
        {
            return e164[1..];
        }
    }

    /// <summary>The country of a number in E.164; <c>null</c> when it is in no country's plan, or is none.</summary>
    public static string? RegionOf(string? e164)
    {
        try
        {
            return e164 is null ? null : Library.GetRegionCodeForNumber(Library.Parse(e164, null));
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    public static IEnumerable<string> Regions => Library.GetSupportedRegions();

    public static bool IsRegion(string region) => Library.GetSupportedRegions().Contains(region);
}
