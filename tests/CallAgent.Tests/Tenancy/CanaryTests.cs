namespace CallAgent.Tests;

/// <summary>Whatever one user reads, nothing of another's is in it (T-02).</summary>
public sealed class CanaryTests(TestServer server)
{
    [Fact]
    public async Task No_reading_route_shows_another_users_words_and_all_show_the_own()
    {
        var (mine, theirs) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var (findings, own) = (new List<string>(), 0);
        foreach (var path in Paths(mine).Concat(Paths(theirs)))
        {
            var body = await (await mine.User.Http.GetAsync(path)).Content.ReadAsStringAsync();
            // What was asked for comes back in an error; that is not the other's row.
            if (body.Replace(path, "", StringComparison.Ordinal).Contains(theirs.Canary, StringComparison.Ordinal))
            {
                findings.Add(path);
            }
            own += body.Contains(mine.Canary, StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Empty(findings);
        Assert.True(own > 20, $"The own canary was seen {own} times only.");
    }

    private IEnumerable<string> Paths(Estate estate)
    {
        foreach (var route in Routes.Of(server).Where(r => r is { Method: "GET", IsData: true }))
        {
            var path = route.Attacks(estate, estate).FirstOrDefault()?.WithForeign.Path ?? route.Pattern;
            yield return path;
            foreach (var query in route.List is null ? [] : Queries(route, estate))
            {
                yield return $"{path.Split('?')[0]}?{query}";
            }
        }
    }

    private static IEnumerable<string> Queries(Routes route, Estate estate) =>
        route.List!.Sorts.Select(s => $"sort={s}")
            .Concat(route.List.Filters.Select(f => $"{f}={estate.Canary}"))
            .Concat(route.List.CanSearch ? [$"q={estate.Canary}", $"q={estate.Canary[..8]}"] : []);
}
