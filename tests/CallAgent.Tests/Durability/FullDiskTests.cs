using System.Net;

namespace CallAgent.Tests;

/// <summary>The disk of the database is full, a small one in memory; then there is room again (R-15). Needs root, to mount it.</summary>
[Trait("kind", "long")]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Writes_are_refused_clearly_nothing_is_damaged_and_it_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(TestDatabase.IsPostgres ? 110 : 12);
        await using var postgres = TestDatabase.IsPostgres ? await OwnPostgres.StartAsync(disk.NewFolder("pg")) : null;
        using var database = postgres is null ? TestDatabase.CreateIn(disk.NewFolder("data")) : TestDatabase.CreateOn(postgres.Url);
        await using var server = await ServerProcess.StartAsync(database);
        var load = Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address), writers: 4, readers: 2);
        await UntilAsync(() => load.Acknowledged.Count > 20);
        disk.Fill(leave: 1 << 20);

        await UntilAsync(() => load.Answers.Count(a => !a.IsGood) > 100);
        using (var http = load.NewClient())
        {
            Assert.Equal(HttpStatusCode.OK, (await load.SendAsync(http, HttpMethod.Get, "/health/live")).Status);
        }
        await load.StopAsync();
        var refused = load.Answers.Where(a => !a.IsGood).ToList();
        Assert.DoesNotContain(refused, a => a.Status is not (HttpStatusCode.InsufficientStorage or HttpStatusCode.ServiceUnavailable) || !a.HasRetryAfter);

        disk.Empty();
        if (postgres is { IsRunning: false })
        {
            // Without room for its log it goes down as a whole, and says so.
            await postgres.StartAgainAsync();
        }
        var acknowledged = load.Acknowledged.Count;
        await using var after = load.Again();
        await UntilAsync(() => after.Acknowledged.Count > 20);
        await after.StopAsync();
        output.WriteLine($"{acknowledged} contacts before, {refused.GroupBy(a => a.Status).Select(g => $"{g.Count()} × {(int)g.Key!}").Aggregate((a, b) => $"{a}, {b}")}, {after.Acknowledged.Count} contacts after");
        Assert.Empty(await load.LostAsync(server.Address));
        Assert.Empty(await after.LostAsync(server.Address));
        Assert.Equal(Verdict.Ok, (await Doctor.ExamineAsync(database.Settings)).Single(f => f.Check == "database").Verdict);
        // Every page of it can be read.
        await Backups.CreateAsync(database.Settings, Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.backup"));
    }

    private static async Task UntilAsync(Func<bool> isIt, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(isIt))] string? what = null)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !isIt(); await Task.Delay(50))
        {
            Assert.True(watch.Elapsed < Patience, $"It did not come to that: {what}");
        }
    }

    /// <summary>A small file system in memory.</summary>
    private sealed class SmallDisk : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("callagent-disk-").FullName;

        private string Ballast => Path.Combine(folder, "ballast");

        public static async Task<SmallDisk> MountAsync(int megabytes)
        {
            var disk = new SmallDisk();
            await OwnPostgres.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.folder);
            return disk;
        }

        public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

        /// <summary>Takes all room but a little, for whatever is written next to hit the end.</summary>
        public void Fill(int leave)
        {
            using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            var block = new byte[64 * 1024];
            while (new DriveInfo(folder).AvailableFreeSpace > leave)
            {
                file.Write(block);
            }
        }

        public void Empty() => File.Delete(Ballast);

        public async ValueTask DisposeAsync()
        {
            await OwnPostgres.RunAsync("umount", "--lazy", folder);
            Directory.Delete(folder);
        }
    }
}
