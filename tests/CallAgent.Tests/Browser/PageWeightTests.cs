using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CallAgent.Tests;

/// <summary>What a page costs to load: bytes over the wire, as the browser counts them.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageWeightTests(Chromium chromium)
{
    private const int FirstVisit = 150_000;
    private const int LaterVisit = 30_000;

    // Looks in a row at which nothing is under way.
    private const int Quiet = 5;

    [Fact]
    public async Task A_first_visit_and_every_later_page_stay_within_their_weight()
    {
        var user = await chromium.NewUserAsync(Client.Plan.Enterprise);
        for (var n = 0; n < 60; n++)
        {
            await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = $"Grace {n}", LastName = "Hopper", Company = "Navy", Tags = ["vip", "east"] });
        }
        var estate = await Estate.OfAsync(chromium.Server, user);
        var findings = new List<string>();
        foreach (var page in PageWalk.Of(chromium.Server).Where(p => p is { Method: "GET", IsOpen: false } && !p.IsStream()))
        {
            await using var window = await chromium.OpenAsync(user);
            var first = await WeightAsync(window, page.For(estate));
            var later = await WeightAsync(window, page.For(estate));
            if (first > FirstVisit || later > LaterVisit)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{page.Pattern}: {first} bytes, later {later}"));
            }
        }

        foreach (var page in PageWalk.OfConsole(chromium.Server).Where(p => p is { Method: "GET", IsOpen: false }))
        {
            var (window, _) = await chromium.OpenConsoleAsync();
            await using var console = window;
            // Signing in was the first visit.
            if (await WeightAsync(console, page.For(estate)) is > LaterVisit and var weight)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{page.Pattern}: later {weight} bytes"));
            }
        }

        Assert.Empty(findings);
    }

    // By the browser's own protocol, because headers count and what comes from the cache does not.
    private static async Task<double> WeightAsync(Window window, string path)
    {
        var (total, open) = (0.0, new ConcurrentDictionary<string, string>());
        var session = await window.Context.NewCDPSessionAsync(window.Page);
        await session.SendAsync("Network.enable");
        session.Event("Network.requestWillBeSent").OnEvent += (_, e) =>
        {
            var type = Text(e, "type");
            if (type == "Document")
            {
                // Nothing is heard any more of what the page before was still asking for.
                open.Clear();
            }
            // The stream of events stays open as long as the page. The icon of the tab is the browser's own affair: it is counted
            // when it comes, but the browser does not always tell how asking for it ended.
            if (type is not ("EventSource" or "Other"))
            {
                open[Text(e, "requestId")] = e!.Value.GetProperty("request").GetProperty("url").GetString()!;
            }
        };
        session.Event("Network.requestServedFromCache").OnEvent += (_, e) => open.TryRemove(Text(e, "requestId"), out string? _);
        session.Event("Network.loadingFailed").OnEvent += (_, e) => open.TryRemove(Text(e, "requestId"), out string? _);
        session.Event("Network.loadingFinished").OnEvent += (_, e) =>
        {
            open.TryRemove(Text(e, "requestId"), out string? _);
            total += e!.Value.GetProperty("encodedDataLength").GetDouble();
        };
        await window.GoAsync(path);
        // What is asked for late, such as a script of one part of the page, belongs to this visit and not to the next.
        for (var (quiet, patience) = (0, Stopwatch.StartNew()); quiet < Quiet && patience.Elapsed < TimeSpan.FromSeconds(20); quiet = open.IsEmpty ? quiet + 1 : 0)
        {
            await window.Page.WaitForTimeoutAsync(50);
        }
        Assert.True(open.IsEmpty, $"{path} goes on loading {string.Join(", ", open.Values)}.");
        await session.DetachAsync();
        Assert.True(total > 1_000, $"{path} weighs {total}.");
        return total;
    }

    private static string Text(JsonElement? message, string name) => message!.Value.GetProperty(name).GetString()!;
}
