using System.Globalization;
using CallAgent.Bench;

// ./dev bench starts a PostgreSQL of its own for this. Options: --rounds N, --seconds N, --no-report, --keep (the seeded database),
// --imports (only those).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = BenchOptions.Parse(args);
using var folder = new ScratchFolder();

Console.WriteLine("Importing …");
var imports = ImportReport.Write(await ImportComparison.RunAsync(options, folder.Path));
Console.WriteLine(imports);
if (options.WritesReport)
{
    await File.WriteAllTextAsync(Path.Combine(Publishing.Repository, "docs", "performance-imports.md"), imports);
}
if (options.OnlyImports)
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

var report = Report.Write(options, starts, trips, load);
Console.WriteLine(report);
if (options.WritesReport)
{
    await File.WriteAllTextAsync(Path.Combine(Publishing.Repository, "docs", "performance.md"), report);
}
return 0;
