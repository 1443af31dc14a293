using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>The files of deployment name settings that there are.</summary>
public sealed partial class DeploymentFileTests
{
    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("deploy/helm/callagent/templates/deployment.yaml")]
    [InlineData("deploy/helm/callagent/templates/migrate.yaml")]
    public void Every_variable_that_the_servers_are_given_is_one_of_the_readme(string path)
    {
        var known = ReadmeSetting().Matches(Repository.Read("README.md")).Select(m => m.Groups[1].Value).ToHashSet();
        // What the images of others are told.
        var others = new HashSet<string> { "POSTGRES_PASSWORD", "POSTGRES_DB" };

        var given = GivenVariable().Matches(Repository.Read(path)).Select(m => m.Groups[1].Value).Distinct().ToList();

        Assert.Contains("DATABASE_URL", given);
        Assert.DoesNotContain(given, name => !known.Contains(name) && !others.Contains(name));
    }

    [GeneratedRegex(@"^\| `([A-Z_]+)`", RegexOptions.Multiline)]
    private static partial Regex ReadmeSetting();

    // "NAME: value" of compose, "- name: NAME" of Kubernetes.
    [GeneratedRegex(@"^\s+(?:- name: )?([A-Z_]{4,})(?:: |$)", RegexOptions.Multiline)]
    private static partial Regex GivenVariable();
}
