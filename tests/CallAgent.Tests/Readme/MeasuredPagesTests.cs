using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>
/// The benchmark of pages leaves none out; the operator's console is not part of it, because it signs in by other means
/// and is looked at by few. What its pages weigh, and that they break no rule, other tests see to.
/// </summary>
public sealed partial class MeasuredPagesTests(TestServer server)
{
    [Fact]
    public void Every_page_is_measured_and_every_measured_page_exists()
    {
        var measured = File.ReadLines(Path.Combine(Repository.Root, "bench", "CallAgent.Bench", "pages.txt"))
            .Where(l => l.StartsWith('/')).Select(l => Ids().Replace(l.Split('|')[0].Trim().Split('?')[0], "{}")).ToHashSet();
        var pages = PageWalk.Of(server).Where(p => p.Method == "GET" && !p.IsStream()).Select(p => Ids().Replace(p.Pattern, "{}")).ToHashSet();

        Assert.Equal(pages.Order(), measured.Order());
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Ids();
}
