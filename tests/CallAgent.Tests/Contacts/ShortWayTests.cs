using CallAgent.Client;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The hand-written statements for contacts do what EF Core does.</summary>
[Trait("database", "postgres")]
public sealed class ShortWayTests(TestServer server)
{
    private static readonly CreateContact Request = new()
    {
        PhoneNumber = "+4930901820",
        FirstName = "Grace",
        LastName = "Hopper",
        Email = "grace@navy.example",
        Company = "Navy",
        Status = ContactStatus.Interested,
        Tags = ["vip", "c++"],
        CustomFields = new Dictionary<string, System.Text.Json.JsonElement> { ["seats"] = System.Text.Json.JsonSerializer.SerializeToElement(12) },
    };

    [Fact]
    public void They_read_every_column_of_a_contact_that_is_shown()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);

        var columns = db.Model.FindEntityType(typeof(Contact))!.GetProperties()
            .Where(p => p.Name is not (nameof(Contact.Words) or nameof(Contact.AddedBy) or nameof(Contact.AddedById) or nameof(Contact.AddedWith))).Select(p => p.GetColumnName());

        Assert.Equal(columns.Order(), PostgresContacts.Columns.Split(',', StringSplitOptions.TrimEntries).Order());
    }

    // With a limit and without one it is another statement.
    [Theory]
    [InlineData(Plan.Free)]
    [InlineData(Plan.Enterprise)]
    public async Task A_contact_is_made_the_same_either_way(Plan plan)
    {
        var (one, other) = (await server.NewUserAsync(plan), await server.NewUserAsync(plan));

        await CreateAsync(one, shortly: true);
        await CreateAsync(other, shortly: false);

        Assert.Equal(await TracesAsync(other.Id), await TracesAsync(one.Id));
    }

    [Fact]
    public async Task A_contact_is_read_the_same_either_way()
    {
        var user = await server.NewUserAsync();
        await CreateAsync(user, shortly: true);
        await user.NewContactAsync();
        await using var workspace = (await server.Host.AsAsync(user.Id))!;

        var shortly = (await workspace.Contacts.ListAsync()).Value.Data;
        var byId = await workspace.Contacts.FindAsync(shortly[1].Id);
        await using var transaction = await workspace.Db.BeginWriteAsync(CancellationToken.None);

        Assert.Equivalent((await workspace.Contacts.ListAsync()).Value.Data, shortly, strict: true);
        Assert.Equivalent(await workspace.Contacts.FindAsync(shortly[1].Id), byId, strict: true);
    }

    [Fact]
    public async Task What_is_refused_gives_its_connection_back()
    {
        var user = await server.NewUserAsync();
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        await workspace.Contacts.CreateAsync(Request);

        // More often than there are connections.
        for (var i = 0; i < 150; i++)
        {
            Assert.Equal(409, (await workspace.Contacts.CreateAsync(Request)).Problem?.Status);
        }
    }

    private async Task CreateAsync(TestUser user, bool shortly)
    {
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        // A transaction of EF Core's is something that a statement past it would not be part of.
        await using var transaction = shortly ? null : await workspace.Db.BeginWriteAsync(CancellationToken.None);
        Assert.Equal(shortly, workspace.ShortWay is not null);
        Assert.Null((await workspace.Contacts.CreateAsync(Request)).Problem);
        await (transaction?.CommitAsync() ?? Task.CompletedTask);
    }

    // All that the database then holds of it, but ids and times.
    private async Task<string> TracesAsync(Guid userId)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(userId));
        var own = (await db.Contacts.SingleAsync()).Words;
        var contact = (await db.Contacts.SingleAsync()).ToRecord() with { Id = default, UserId = default, CreatedAt = default, UpdatedAt = default };
        var words = await db.ContactTokens.OrderBy(t => t.Token).Select(t => t.Token).ToListAsync();
        var entry = (await Timeline.Whole.Stream(db, new()).Value.SingleAsync()).ToRecord() with { Id = default, OccurredAt = default };
        var counters = await db.Counters.OrderBy(c => c.Name).ThenBy(c => c.Period).Select(c => new { c.Name, c.Period, c.Value, c.Most }).ToListAsync();
        var audit = (await db.AuditEntries.SingleAsync(e => e.Action == "contact.create")).ToRecord() with { Id = default, OccurredAt = default, ResourceId = default };
        return System.Text.Json.JsonSerializer.Serialize(new { contact, own, words, entry, counters, audit }, CallAgentJson.Lenient);
    }
}
