using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CallAgent.Bench;

/// <summary>Makes both servers as they would be deployed.</summary>
internal static class Publishing
{
    /// <summary>The root of the repository, above whatever this program was built into.</summary>
    public static string Repository { get; } = FindRepository(AppContext.BaseDirectory);

    public static async Task<(Server Product, Server Baseline)> AllAsync(string folder)
    {
        var product = await ProductAsync(folder);
        var baseline = await PublishAsync("bench/CallAgent.Bench.Baseline", Path.Combine(folder, "baseline"));
        return (product, baseline);
    }

    public static async Task<Server> ProductAsync(string folder)
    {
        var product = await PublishAsync("src/CallAgent.Server", Path.Combine(folder, "product"));
        product.Environment["SECRET_KEY"] = "a secret for the length of one benchmark";
        return product;
    }

    private static async Task<Server> PublishAsync(string project, string output)
    {
        // Compiled for this system, both alike. A lock file aside, because one for a certain system says more than the repository's.
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
            "-p:NuGetLockFilePath=obj/publish.lock.json", "-o", output, "-v", "q", "--nologo",
        ])
        {
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new Server(Path.Combine(output, Path.GetFileName(project) + ".dll"))
            : throw new InvalidOperationException($"Publishing {project} failed: {said}");
    }

    private static string FindRepository(string folder) => File.Exists(Path.Combine(folder, "CallAgent.slnx"))
        ? folder
        : FindRepository(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run this from inside the repository."));
}
