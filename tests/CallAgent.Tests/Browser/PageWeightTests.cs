using System.Globalization;

namespace CallAgent.Tests;

/// <summary>What a page costs to load: bytes over the wire, as the browser counts them.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageWeightTests(Chromium chromium)
{
    private const int FirstVisit = 150_000;
    private const int LaterVisit = 30_000;

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

        Assert.Empty(findings);
    }

    // By the browser's own protocol, because headers count and what comes from the cache does not.
    private static async Task<double> WeightAsync(Window window, string path)
    {
        var total = 0.0;
        var session = await window.Context.NewCDPSessionAsync(window.Page);
        await session.SendAsync("Network.enable");
        session.Event("Network.loadingFinished").OnEvent += (_, e) => total += e!.Value.GetProperty("encodedDataLength").GetDouble();
        await window.GoAsync(path);
        await window.Page.WaitForTimeoutAsync(150);
        await session.DetachAsync();
        Assert.True(total > 1_000, $"{path} weighs {total}.");
        return total;
    }
}
