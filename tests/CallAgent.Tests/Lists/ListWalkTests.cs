using CallAgent.Client;
using CsCheck;

namespace CallAgent.Tests;

/// <summary>Whatever the rows, the order and the size of the pages: walking them gives each row once.</summary>
public sealed class ListWalkTests(TestServer server)
{
    private static readonly string[] Sorts = ["created_at", "updated_at", "last_name", "phone_number"];

    // Few names, so that many rows share a key; among them none, one that only case tells apart, and one beyond ASCII.
    private static readonly string[] Names = ["", "Hopper", "hopper", "Ōe", "Zuse"];

    [Fact]
    public Task Walking_gives_each_row_once_and_in_order_while_others_write() =>
        Gen.Select(Gen.OneOfConst(Names).Array[0, 30], Gen.OneOfConst(Sorts), Gen.Bool, Gen.Int[1, 9])
            .SampleAsync((names, sort, descending, limit) => WalkAsync(names, descending ? $"-{sort}" : sort, limit), iter: 30, threads: 2);

    private async Task WalkAsync(string[] names, string sort, int limit)
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var there = new List<Guid>();
        foreach (var name in names)
        {
            there.Add((await user.NewContactAsync(lastName: name)).Id);
        }
        using var end = new CancellationTokenSource();
        var writing = WriteAsync(user, end.Token);

        var walked = await ReadAsync(user, sort, limit);
        await end.CancelAsync();
        await writing;

        Assert.Equal(walked.Count, walked.DistinctBy(c => c.Id).Count());
        Assert.Equal(there.Order(), walked.Select(c => c.Id).Where(there.Contains).Order());
        Assert.Equal(InOrder(walked, sort), walked.Select(c => c.Id));
    }

    private static async Task WriteAsync(TestUser user, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await user.NewContactAsync(lastName: Names[i % Names.Length]);
        }
    }

    private static async Task<List<Client.Contact>> ReadAsync(TestUser user, string sort, int limit)
    {
        var rows = new List<Client.Contact>();
        // A writer can outrun a walk in ascending order; what was there at its start comes in this many pages.
        for (var query = new ListQuery { Limit = limit, Sort = sort }; ;)
        {
            var page = await user.Api.Contacts.ListAsync(query);
            rows.AddRange(page.Data);
            if (!page.HasMore || rows.Count > 400)
            {
                return rows;
            }
            query = query with { Cursor = page.NextCursor };
        }
    }

    // By bytes, as both databases do; by id, which is by time, among equals.
    private static IEnumerable<Guid> InOrder(IEnumerable<Client.Contact> rows, string sort)
    {
        Func<Client.Contact, string> key = sort.TrimStart('-') switch
        {
            "last_name" => c => c.LastName ?? "",
            "phone_number" => c => c.PhoneNumber,
            "updated_at" => c => c.UpdatedAt.ToString("O"),
            _ => c => "",
        };
        var ordered = rows.OrderBy(key, StringComparer.Ordinal).ThenBy(c => c.Id.ToString(), StringComparer.Ordinal).Select(c => c.Id);
        return sort[0] == '-' ? ordered.Reverse() : ordered;
    }
}
