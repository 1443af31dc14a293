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
        var trimmed = text.Trim();
        var digits = trimmed.Count(char.IsAsciiDigit);
        if (digits is < FewestDigits or > MostDigits || trimmed.Any(c => !char.IsAsciiDigit(c) && !"+-.()/ ".Contains(c)) || trimmed.LastIndexOf('+') > 0)
        {
            return null;
        }
        try
        {
            var number = Library.Parse(trimmed, region);
            var e164 = Library.Format(number, PhoneNumberFormat.E164);
            if (e164.Length - 1 is >= FewestDigits and <= MostDigits)
            {
                return new(e164, Library.IsValidNumber(number));
            }
        }
        catch (NumberParseException)
        {
            // No country has such a number.
        }
        return trimmed.StartsWith('+') ? new("+" + string.Concat(trimmed.Where(char.IsAsciiDigit)), false) : null;
    }

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

    public static IEnumerable<string> Regions => Library.GetSupportedRegions();

    public static bool IsRegion(string region) => Library.GetSupportedRegions().Contains(region);
}
