using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>Whoever calls the API may decide by the type of a problem, so that each stands in the documentation.</summary>
public sealed partial class ProblemTypeTests
{
    // Of pages and of the operator's way, which no user's program meets.
    private static readonly string[] Elsewhere =
        ["nothing-selected", "nothing-to-do", "contact-in-call", "link-over", "operator-exists", "operator-not-configured", "operator-token-needed", "wrong-operator-token"];

    [Fact]
    public void Every_type_is_documented()
    {
        var types = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Types().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().Except(Elsewhere).ToList();
        Assert.True(types.Count > 35, $"Only {types.Count} types were found.");
        var documented = Documented().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "api", "README.md"))).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.Empty(types.Except(documented));
    }

    [GeneratedRegex("""(?:Problem\.Conflict\(|new(?: Problem)?\((?=\s*"[a-z0-9-]+",\s*(?:\d{3}|StatusCodes|status)))\s*"([a-z0-9-]+)",""")]
    private static partial Regex Types();

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Documented();
}
