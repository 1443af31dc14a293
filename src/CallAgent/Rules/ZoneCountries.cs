using System.Collections.Frozen;

namespace CallAgent;

/// <summary>The countries of time zones, by the list that comes with the system's time zone database (zone.tab); empty where it has none.</summary>
public static class ZoneCountries
{
    private const string List = "/usr/share/zoneinfo/zone.tab";

    private static readonly Lazy<FrozenDictionary<string, string>> Countries = new(() => Read().ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>The ISO 3166-1 alpha-2 code of the country that a zone is named for; <c>null</c> when it is not known.</summary>
    /// <param name="zone">An IANA id, such as Europe/Berlin.</param>
    public static string? Of(string? zone) => zone is not null && Countries.Value.TryGetValue(zone, out var country) ? country : null;

    // Code, coordinates and zone, by tabs.
    private static Dictionary<string, string> Read()
    {
        var countries = new Dictionary<string, string>();
        if (!File.Exists(List))
        {
            return countries;
        }
        foreach (var line in File.ReadLines(List))
        {
            if (line.Split('\t') is [{ Length: 2 } country, _, var zone, ..])
            {
                countries.TryAdd(zone, country);
            }
        }
        return countries;
    }
}
