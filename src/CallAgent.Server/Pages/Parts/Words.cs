using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>API names as people read them.</summary>
public static class Words
{
    public static string Of(Enum value) => Of(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    /// <summary><c>not_interested</c> becomes <c>Not interested</c>.</summary>
    public static string Of(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    public static string NameOf(Contact contact) => string.Join(' ', new[] { contact.FirstName, contact.LastName }.OfType<string>()) is { Length: > 0 } name
        ? name
        : contact.Company ?? contact.PhoneNumber;

    /// <summary>The first words of a text, in one line; <c>null</c> when it is short enough to be read whole.</summary>
    public static string? Beginning(string text, int most)
    {
        if (text.Length <= most && text.Count(c => c == '\n') < 3)
        {
            return null;
        }
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= most)
        {
            return line;
        }
        var end = line.LastIndexOf(' ', most);
        // Without a space in it, between two letters, of which some take two characters.
        return line[..(end > 0 ? end : char.IsLowSurrogate(line[most]) ? most - 1 : most)];
    }

    /// <summary>Every value of an enum with its words, for a choice.</summary>
    public static IEnumerable<(string Value, string Text)> Options<T>() where T : struct, Enum => Enum.GetValues<T>().Select(v => (v.ToText(), Of(v)));
}
