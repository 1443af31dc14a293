using System.Text.RegularExpressions;

namespace CallAgent.Server;

/// <summary>How a page says what became of a row.</summary>
internal static partial class ImportWords
{
    private const string WholeRow = "row";

    /// <summary>A reason as it is kept has the API's names of fields in it; here they are words.</summary>
    public static string Of(string reason) =>
        FieldName().Replace(reason, m => m.Groups[1].Value == WholeRow ? "" : $"{Words.Of(m.Groups[1].Value)}: ");

    [GeneratedRegex($@"\b(phone_number|first_name|last_name|full_name|email|company|status|tags|custom_fields|{WholeRow}): ")]
    private static partial Regex FieldName();
}
