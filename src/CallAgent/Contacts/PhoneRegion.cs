using System.Globalization;

namespace CallAgent;

/// <summary>A country or territory whose numbers can be read in national form.</summary>
public sealed record PhoneRegion(string Code, string Name)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PhoneRegion> All { get; } =
        [.. Phone.Regions.Select(code => new PhoneRegion(code, NameOf(code))).OrderBy(r => r.Name, StringComparer.InvariantCulture)];

    // These have a numbering plan, and in the system's list no name or no place.
    private static string NameOf(string code) => code switch
    {
        "AC" => "Ascension Island",
        "EH" => "Western Sahara",
        "TA" => "Tristan da Cunha",
        _ => NameInList(code),
    };

    private static string NameInList(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
