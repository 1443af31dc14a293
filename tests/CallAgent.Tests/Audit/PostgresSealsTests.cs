using CallAgent.Client;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The hand-written way to seal on PostgreSQL seals, and gives way to whoever adds to the chain at the same moment.</summary>
[Trait("database", "postgres")]
public sealed class PostgresSealsTests : IAsyncLifetime
{
    // Of its own, because nothing else may seal what is written here.
    private readonly TestServer server = new();
    private TestUser user = null!;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        user = await server.NewUserAsync(Plan.Enterprise);
        await server.SettleAsync();
        server.Host.Database.Book!.Written = null;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task It_seals_the_oldest_first_and_no_more_than_asked_for()
    {
        await WriteAsync(3);
        var waiting = await WaitingAsync();

        Assert.Equal([2, 1, 0], new[] { await SealAsync(2), await SealAsync(2), await SealAsync(2) });

        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var newest = await db.AuditSeals.OrderByDescending(s => s.Sequence).Take(3).Select(s => s.EntryId).ToListAsync();
        Assert.Equal(3, waiting.Count);
        Assert.Equal(waiting, newest.AsEnumerable().Reverse());
        await IsWholeAsync();
    }

    [Fact]
    public async Task It_makes_no_chain() =>
        Assert.Null(await new PostgresSeals(server.Host.Database, Guid.CreateVersion7()).TryAddAsync(Guid.Empty, 10, CancellationToken.None));

    [Fact]
    public async Task Of_many_that_read_the_same_end_one_adds_and_the_others_leave_it_alone()
    {
        var lost = 0;
        for (var round = 0; round < 50 && lost == 0; round++)
        {
            await WriteAsync(1);
            var sealedNow = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SealAsync(10))));

            Assert.Equal(1, sealedNow.Sum(n => n ?? 0));
            lost += sealedNow.Count(n => n is null);
        }
        Assert.True(lost > 0, "No two read the same end.");
        await IsWholeAsync();
    }

    private async Task WriteAsync(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            await user.Api.Campaigns.CreateAsync(new() { Name = $"Nobody seals this, {Guid.CreateVersion7()}" });
        }
    }

    private Task<int?> SealAsync(int most) => new PostgresSeals(server.Host.Database, user.Id).TryAddAsync(Guid.Empty, most, CancellationToken.None);

    private async Task<List<Guid>> WaitingAsync()
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        return await db.AuditEntries.Where(e => !db.AuditSeals.Any(s => s.EntryId == e.Id)).OrderBy(e => e.Id).Select(e => e.Id).ToListAsync();
    }

    private async Task IsWholeAsync()
    {
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        var report = await workspace.Audit.VerifyAsync();
        Assert.True(report is { IsIntact: true, Waiting: 0 }, string.Join(' ', report.Faults));
    }
}
