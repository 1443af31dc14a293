using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>Fields that a request does not offer cannot be set (T-09).</summary>
public sealed class NotOfferedTests(TestServer server)
{
    [Fact]
    public async Task Every_column_that_is_not_offered_is_refused_by_every_write_and_stores_nothing()
    {
        var estate = await Estate.CreateAsync(server);
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r is { Body: not null, IsData: true }))
        {
            var offered = route.Body!.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).ToHashSet();
            foreach (var column in Columns().Where(c => !offered.Contains(c)))
            {
                var body = route.BodyOf(estate)!;
                body[column] = JsonValue.Create(estate.User.Id);
                var path = route.Attacks(estate, estate).FirstOrDefault()?.WithForeign.Path ?? route.Pattern;
                using var message = new HttpRequestMessage(new HttpMethod(route.Method), path) { Content = JsonContent.Create(body) };
                using var response = await estate.User.Http.SendAsync(message);
                if ((int)response.StatusCode != 400 || !(await response.Content.ReadAsStringAsync()).Contains($"\"{column}\"", StringComparison.Ordinal))
                {
                    findings.Add($"{route.Method} {route.Pattern} takes {column}: {(int)response.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, estate.User.Id));
    }

    private static IEnumerable<string> Columns()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        return db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Distinct().ToList();
    }
}
