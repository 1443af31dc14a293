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

    /// <summary>Every value of an enum with its words, for a choice.</summary>
    public static IEnumerable<(string Value, string Text)> Options<T>() where T : struct, Enum => Enum.GetValues<T>().Select(v => (v.ToText(), Of(v)));
}
