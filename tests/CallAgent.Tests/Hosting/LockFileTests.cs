using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>What is published for a system is locked as well, to the same packages as everywhere.</summary>
public sealed class LockFileTests
{
    private const string Framework = "net10.0";

    public static TheoryData<string> Projects => ["CallAgent", "CallAgent.Client", "CallAgent.Server", "CallAgent.Cli"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_system_gets_the_packages_that_the_others_get(string project)
    {
        var everywhere = Packages(project, "packages.lock.json")[Framework];
        foreach (var system in new[] { "linux-x64", "linux-arm64" })
        {
            var packages = Packages(project, $"packages.{system}.lock.json");
            Assert.True(JsonNode.DeepEquals(everywhere, packages[Framework]),
                $"{project} is locked to other packages for {system}: dotnet restore src/{project} -p:RuntimeIdentifier={system} --force-evaluate");
            Assert.NotNull(packages[$"{Framework}/{system}"]);
        }
    }

    private static JsonNode Packages(string project, string file) => JsonNode.Parse(Repository.Read(Path.Combine("src", project, file)))!["dependencies"]!;
}
