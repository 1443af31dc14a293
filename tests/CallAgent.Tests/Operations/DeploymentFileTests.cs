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

    [Fact]
    public void The_tool_has_the_settings_of_the_servers()
    {
        var compose = Repository.Read("compose.yaml");
        var shared = GivenVariable().Matches(Part(compose, "x-settings: &settings")).Select(m => m.Groups[1].Value).ToHashSet();

        // What is signed and sealed is read by it, mails are sent and links made by it, and doctor greets what the servers talk to.
        Assert.Superset(new HashSet<string> { "SECRET_KEY", "SECRET_KEY_FALLBACKS", "PUBLIC_URL", "SMTP_URL", "MAIL_FROM", "REDIS_URL" }, shared);
        Assert.Contains("<<: *settings", Part(compose, "x-server: &server"), StringComparison.Ordinal);
        Assert.Contains("environment: &owner\n      <<: *settings", Part(compose, "  migrate:"), StringComparison.Ordinal);
        Assert.Contains("environment: *owner", Part(compose, "  tool:"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_compose_file_asks_for_stands_in_the_example()
    {
        var example = ExampleVariable().Matches(Repository.Read("deploy/example.env")).Select(m => m.Groups[1].Value).ToHashSet();
        var asked = AskedVariable().Matches(Repository.Read("compose.yaml")).Select(m => m.Groups[1].Value).Distinct().ToList();

        Assert.Contains("SECRET_KEY", asked);
        Assert.All(asked, name => Assert.Contains(name, example));
    }

    [Fact]
    public void The_folder_of_backups_belongs_to_who_runs_the_tool()
    {
        Assert.Contains("backups:/backups", Part(Repository.Read("compose.yaml"), "  tool:"), StringComparison.Ordinal);
        Assert.Matches(@"chown ""\$APP_UID"" .*/backups", Repository.Read("Dockerfile"));
    }

    [Fact]
    public void The_scripts_of_development_forget_every_setting()
    {
        var settings = ReadmeSetting().Matches(Repository.Read("README.md")).Select(m => m.Groups[1].Value).ToList();
        var script = Repository.Read("dev");
        var forgotten = script[script.IndexOf("forget_installation() {", StringComparison.Ordinal)..].Split("\n}")[0];

        Assert.Contains("SECRET_KEY", settings);
        Assert.All(settings, name => Assert.Matches(name.StartsWith("OTEL_", StringComparison.Ordinal) ? @"""\$\{!OTEL_@\}""" : $@"\b{name}\b", forgotten));
    }

    /// <summary>The lines below a heading that are indented more than it is.</summary>
    private static string Part(string yaml, string heading)
    {
        var lines = yaml.Split('\n').SkipWhile(line => line != heading).ToList();
        Assert.NotEmpty(lines);
        var indent = heading.TakeWhile(c => c == ' ').Count();
        return string.Join('\n', lines.Skip(1).TakeWhile(line => line.Length == 0 || line.TakeWhile(c => c == ' ').Count() > indent));
    }

    [GeneratedRegex(@"^\| `([A-Z_]+)`", RegexOptions.Multiline)]
    private static partial Regex ReadmeSetting();

    // "NAME=", also where it is left out to begin with.
    [GeneratedRegex(@"^#?([A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex ExampleVariable();

    // "${NAME:-…}" and "${NAME:?…}".
    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex AskedVariable();

    // "NAME: value" of compose, "- name: NAME" of Kubernetes.
    [GeneratedRegex(@"^\s+(?:- name: )?([A-Z_]{4,})(?:: |$)", RegexOptions.Multiline)]
    private static partial Regex GivenVariable();
}
