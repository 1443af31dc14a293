using System.Text.RegularExpressions;

namespace CallAgent.Server;

/// <summary>How a page says what is wrong with a row, where the API has the names of fields.</summary>
internal static partial class ImportWords
{
    // What is wrong with a row as a whole has its name.
    private const string WholeRow = "row";

    /// <summary>One field's problems.</summary>
    public static string Of(string field, IEnumerable<string> messages) => Before(field) + string.Join(' ', messages);

    /// <summary>A reason as it is kept: each field's name stands before what is wrong with it.</summary>
    public static string Of(string reason) => FieldName().Replace(reason, m => Before(m.Groups[1].Value));

    private static string Before(string field) => field == WholeRow ? "" : $"{Words.Of(field.Split('[')[0])}: ";

    [GeneratedRegex($@"\b((?:phone_number|first_name|last_name|full_name|email|company|status|tags|custom_fields|{WholeRow})(?:\[\d+\])?): ")]
    private static partial Regex FieldName();
}
