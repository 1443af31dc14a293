namespace CallAgent;

/// <summary>A name that came as one text.</summary>
public static class PersonName
{
    /// <summary>
    /// <c>Hopper, Grace</c> or <c>Grace Brewster Hopper</c> in two: without a comma, the last word is the last name. A name of one word is
    /// a first name when somebody says it and a last name in a list.
    /// </summary>
    public static (string? First, string? Last) Split(string name, bool isSpoken)
    {
        if (name.Split(',', 2) is [var last, var first])
        {
            return (Text.Blank(first), Text.Blank(last));
        }
        var space = name.LastIndexOf(' ');
        return space > 0 ? (Text.Blank(name[..space]), Text.Blank(name[(space + 1)..])) : isSpoken ? (name, null) : (null, name);
    }
}
