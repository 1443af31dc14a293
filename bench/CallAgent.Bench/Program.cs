using System.Globalization;
using CallAgent.Bench;

// ./dev bench starts a PostgreSQL of its own for this. Options: --rounds N, --seconds N, --no-report, --keep (the seeded database),
// --load, --imports, --pages (only those); ./dev lighthouse adds --lighthouse.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = BenchOptions.Parse(args);
using var folder = new ScratchFolder();

if (options.Part is BenchPart.Lighthouse)
{
    return await LighthouseReport.RunAsync(options, folder.Path);
}
if (options.Part is BenchPart.All or BenchPart.Imports)
{
    Console.WriteLine("Importing …");
    await WriteAsync("performance-imports.md", ImportReport.Write(await ImportComparison.RunAsync(options, folder.Path)));
}
if (options.Part is BenchPart.All or BenchPart.Pages)
{
    Console.WriteLine("Pages: publishing, and filling one account …");
    await WriteAsync("performance-pages.md", PageReport.Write(await PageTimes.MeasureAsync(options, await Publishing.ProductAsync(folder.Path))));
}
if (options.Part is not (BenchPart.All or BenchPart.Load))
{
    return 0;
}

Console.WriteLine("Publishing, and seeding 1,000 users with 1,000 contacts each …");
var publishing = Publishing.AllAsync(folder.Path);
var database = await BenchDatabase.PrepareAsync(options);
var (product, baseline) = await publishing;
product.Environment["DATABASE_URL"] = database.RuntimeUrl;
baseline.Environment["BASELINE_CONNECTION"] = database.RuntimeConnection;

Console.WriteLine("Starting, and counting round trips …");
var starts = await Starts.MeasureAsync(product, baseline, database);
var trips = await RoundTrips.CountAsync(product, database);

Console.WriteLine($"Loading: {options.Rounds} rounds of {options.Seconds} s …");
var load = await LoadComparison.RunAsync(product, baseline, database, folder.Path, options);
await WriteAsync("performance.md", Report.Write(options, starts, trips, load));
return 0;

async Task WriteAsync(string file, string report)
{
    Console.WriteLine(report);
    if (options.WritesReport)
    {
        await File.WriteAllTextAsync(Path.Combine(Publishing.Repository, "docs", file), report);
    }
}
