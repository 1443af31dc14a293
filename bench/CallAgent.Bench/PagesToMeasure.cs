using System.Text.RegularExpressions;

namespace CallAgent.Bench;

/// <summary>A page of <c>pages.txt</c>.</summary>
/// <param name="Address">With the kinds of rows that its ids are of, in braces.</param>
/// <param name="Name">For people.</param>
/// <param name="IsOpen">Whether it is asked for without a session.</param>
/// <param name="ForLighthouse">Whether it is one of the main pages.</param>
internal sealed partial record MeasuredPage(string Address, string Name, bool IsOpen, bool ForLighthouse)
{
    public static IReadOnlyList<MeasuredPage> All { get; } = Read();

    /// <summary>The address for the <paramref name="n"/>-th request, with a different row each time.</summary>
    public string For(IReadOnlyDictionary<string, IReadOnlyList<Guid>> ids, int n) =>
        Ids().Replace(Address, match => ids[match.Groups[1].Value] is var rows ? rows[n % rows.Count].ToString() : "");

    private static IReadOnlyList<MeasuredPage> Read()
    {
        using var reader = new StreamReader(typeof(MeasuredPage).Assembly.GetManifestResourceStream("pages.txt")!);
        return
        [
            .. from line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
               where !line.StartsWith('#')
               let parts = line.Split('|', StringSplitOptions.TrimEntries)
               select new MeasuredPage(parts[0], parts[1], parts[2].Contains("open", StringComparison.Ordinal), parts[2].Contains("lighthouse", StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Ids();
}
