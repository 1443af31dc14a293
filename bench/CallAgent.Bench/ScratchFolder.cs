namespace CallAgent.Bench;

/// <summary>A folder for the length of the run.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("callagent-bench.").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
