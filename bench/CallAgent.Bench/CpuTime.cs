using System.Globalization;
using Npgsql;

namespace CallAgent.Bench;

/// <summary>
/// Processor time of the server and of the database, from <c>/proc</c> (Linux). Unlike requests a second it says much the
/// same on a machine that has other things to do.
/// </summary>
internal sealed class CpuTime
{
    private const double TicksPerSecond = 100; // USER_HZ, which Linux keeps the same everywhere.

    private readonly int postmaster;

    private CpuTime(int postmaster) => this.postmaster = postmaster;

    public static async Task<CpuTime> OfAsync(BenchDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.RuntimeConnection);
        await using var command = source.CreateCommand("select pg_backend_pid()");
        return new(Read((int)(await command.ExecuteScalarAsync())!)?.Parent ?? throw new InvalidOperationException("The database runs on another machine."));
    }

    /// <summary>Seconds so far, of the server and of all of the database's processes.</summary>
    public (double Server, double Database) Now(RunningServer server) =>
        (Read(server.Process.Id)?.Seconds ?? 0, Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? Read(pid) : null)
            .Where(p => p?.Parent == postmaster).Sum(p => p!.Value.Seconds));

    private static (int Parent, double Seconds)? Read(int pid)
    {
        try
        {
            // What follows the name, which may hold spaces.
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
            double Ticks(int at) => double.Parse(fields[at], CultureInfo.InvariantCulture);
            return ((int)Ticks(1), (Ticks(11) + Ticks(12)) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null; // It ended in between.
        }
    }
}
