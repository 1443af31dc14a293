using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Reads what is typed or pasted while somebody speaks: one turn, or several lines that each begin with who speaks.</summary>
internal static class SpokenLines
{
    private const int LongestName = 12;

    private static readonly Dictionary<string, Speaker> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["agent"] = Speaker.Agent,
        ["rep"] = Speaker.Agent,
        ["me"] = Speaker.Agent,
        ["contact"] = Speaker.Contact,
        ["customer"] = Speaker.Contact,
        ["client"] = Speaker.Contact,
    };

    /// <param name="text">What was typed.</param>
    /// <param name="speaker">Who says what comes before the first name.</param>
    public static IReadOnlyList<AppendTurn> Read(string text, Speaker speaker)
    {
        var turns = new List<AppendTurn>();
        var lines = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (NameIn(line) is { } next)
            {
                End();
                speaker = next;
                lines.Add(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            }
            else
            {
                lines.Add(line);
            }
        }
        End();
        return turns;

        void End()
        {
            if (string.Join('\n', lines).Trim() is { Length: > 0 } said)
            {
                turns.Add(new() { Speaker = speaker, Text = said });
            }
            lines.Clear();
        }
    }

    private static Speaker? NameIn(string line) =>
        line.IndexOf(':', StringComparison.Ordinal) is > 0 and <= LongestName and var colon && Names.TryGetValue(line[..colon].Trim(), out var speaker) ? speaker : null;
}
