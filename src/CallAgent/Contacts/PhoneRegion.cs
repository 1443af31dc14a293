using System.Globalization;

namespace CallAgent;

/// <summary>A country or territory whose numbers can be read in national form.</summary>
public sealed record PhoneRegion(string Code, string Name)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PhoneRegion> All { get; } =
        [.. Phone.Regions.Select(code => new PhoneRegion(code, NameOf(code))).OrderBy(r => r.Name, StringComparer.InvariantCulture)];

    private static string NameOf(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            // Some islands have a numbering plan and no place in the system's list.
            return code;
        }
    }
}
