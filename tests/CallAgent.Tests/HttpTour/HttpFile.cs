using System.Text.Json;
using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>One request of an <c>.http</c> file, as an editor's REST client reads it, with what its comment says of the answer.</summary>
internal sealed record HttpFileRequest(
    string Title, string? Name, string Method, string Url, List<(string Name, string Value)> Headers, string Body, int Status, string Holds);

/// <summary>The part of the <c>.http</c> format that our files use: variables, named requests, and references to their answers.</summary>
internal sealed partial class HttpFile
{
    private readonly Dictionary<string, string> variables = [];
    private readonly Dictionary<string, JsonElement> answers = [];

    public HttpFile(string text, string host)
    {
        var parts = text.ReplaceLineEndings("\n").Split("\n###");
        foreach (Match variable in Variable().Matches(parts[0]))
        {
            variables[variable.Groups[1].Value] = variable.Groups[2].Value.Replace("{{$guid}}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);
        }
        variables["host"] = host;
        Requests = [.. parts.Skip(1).Select(Parse)];
    }

    public IReadOnlyList<HttpFileRequest> Requests { get; }

    public void Keep(string name, string answer) => answers[name] = JsonDocument.Parse(answer).RootElement;

    /// <summary>The text with variables and references filled in.</summary>
    public string Fill(string text) => Reference().Replace(text, match => match.Groups[1].Value.Split(".response.body.$.") switch
    {
        [var name, var field] => answers[name].GetProperty(field).ToString(),
        [var name] => variables[name],
        _ => throw new FormatException($"Not understood: {match.Value}"),
    });

    private static HttpFileRequest Parse(string part)
    {
        var lines = part.Split('\n').ToList();
        var title = lines[0].Trim();
        var name = lines.FirstOrDefault(l => l.StartsWith("# @name ", StringComparison.Ordinal))?[8..].Trim();
        var answer = lines.Single(l => l.StartsWith("# → ", StringComparison.Ordinal))[4..].Trim().Split(", with ", 2);
        var request = lines.Skip(1).Where(l => !l.StartsWith('#')).ToList();
        var start = request[0].Split(' ', 2);
        var blank = request.FindIndex(string.IsNullOrWhiteSpace);
        var headers = request[1..(blank < 0 ? request.Count : blank)].Select(h => h.Split(": ", 2)).Select(h => (h[0], h[1])).ToList();
        return new(title, name, start[0], start[1], headers, blank < 0 ? "" : string.Join('\n', request[blank..]).Trim(),
            int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture), answer.ElementAtOrDefault(1) ?? "");
    }

    [GeneratedRegex(@"^@(\w+) = (.+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Reference();
}
