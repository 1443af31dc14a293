using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>A job is done by one node at a time, under its own user, and by another when that node dies.</summary>
public sealed class JobTests(TestServer server)
{
    [Fact]
    public async Task Of_many_nodes_exactly_one_takes_a_job()
    {
        var (user, queue) = (await server.NewUserAsync(), NewQueue());
        await AddAsync(user, queue, DateTimeOffset.UnixEpoch);
        using var nodes = new Nodes(server, 16);

        var taken = await Task.WhenAll(nodes.All.Select(n => n.TakeAsync(queue, CancellationToken.None)));

        var (lease, attempts) = Assert.Single(taken, t => t is not null)!.Value;
        Assert.Equal((user.Id, 0), (lease.UserId, attempts));
    }

    [Fact]
    public async Task A_job_that_is_not_due_is_left()
    {
        var (user, queue) = (await server.NewUserAsync(), NewQueue());
        await AddAsync(user, queue, DateTimeOffset.MaxValue.AddYears(-1000));

        Assert.Null(await server.Host.Jobs.TakeAsync(queue, CancellationToken.None));
    }

    [Fact]
    public async Task After_the_lease_another_node_has_the_job_and_the_late_one_can_write_nothing()
    {
        var (user, queue) = (await server.NewUserAsync(), NewQueue());
        await AddAsync(user, queue, DateTimeOffset.UnixEpoch);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var queueOfNode = new JobQueue(server.Host.Database, clock);
        var (late, _) = (await queueOfNode.TakeAsync(queue, CancellationToken.None))!.Value;
        Assert.Null(await queueOfNode.TakeAsync(queue, CancellationToken.None));
        clock.Advance(JobLease.Length + TimeSpan.FromSeconds(1));

        var (next, attempts) = (await queueOfNode.TakeAsync(queue, CancellationToken.None))!.Value;

        Assert.Equal(1, attempts);
        Assert.False(await late.ExtendAsync(CancellationToken.None));
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        await using (var transaction = await db.BeginWriteAsync(CancellationToken.None))
        {
            Assert.False(await late.HoldAsync(db, CancellationToken.None));
            Assert.True(await next.HoldAsync(db, CancellationToken.None));
            await transaction.CommitAsync();
        }
        await late.FinishAsync(CancellationToken.None);
        Assert.Equal(1, await db.Jobs.CountAsync(j => j.Queue == queue));
        await next.FinishAsync(CancellationToken.None);
        Assert.Equal(0, await db.Jobs.CountAsync(j => j.Queue == queue));
    }

    [Fact]
    public async Task A_job_given_back_because_it_failed_has_one_attempt_more_and_one_given_back_on_purpose_has_none()
    {
        var (user, queue) = (await server.NewUserAsync(), NewQueue());
        await AddAsync(user, queue, DateTimeOffset.UnixEpoch);

        await (await TakeAsync()).Lease.PostponeAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        var failed = await TakeAsync();
        await failed.Lease.ReturnAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.Equal((1, 0), (failed.Attempts, (await TakeAsync()).Attempts));

        async Task<(JobLease Lease, int Attempts)> TakeAsync() => (await server.Host.Jobs.TakeAsync(queue, CancellationToken.None))!.Value;
    }

    [Fact]
    public async Task A_job_is_found_by_its_queue_and_never_listed_otherwise()
    {
        var (user, other, queue) = (await server.NewUserAsync(), await server.NewUserAsync(), NewQueue());
        await AddAsync(user, queue, DateTimeOffset.UnixEpoch);

        await using var named = server.Host.Database.Open(TenantScope.Naming(NewQueue()));
        await using var foreign = server.Host.Database.Open(TenantScope.Of(other.Id));

        // On PostgreSQL by policy; on SQLite the queue is part of the question.
        Assert.Equal(0, await named.Jobs.OfAnyUser().CountAsync(j => j.Queue == queue && TestDatabase.IsPostgres));
        Assert.Equal(0, await foreign.Jobs.CountAsync(j => j.Queue == queue));
    }

    private static string NewQueue() => $"test.{Guid.CreateVersion7():N}"[..30];

    private async Task AddAsync(TestUser user, string queue, DateTimeOffset due)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        db.Add(JobQueue.New(queue, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow(), due));
        await db.SaveChangesAsync();
    }

    private sealed class Nodes(TestServer server, int count) : IDisposable
    {
        public List<JobQueue> All { get; } = [.. Enumerable.Range(0, count).Select(_ => new JobQueue(server.Host.Database, TimeProvider.System))];

        public void Dispose() => All.ForEach(q => q.Dispose());
    }
}
