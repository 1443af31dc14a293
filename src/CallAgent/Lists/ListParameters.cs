namespace CallAgent;

/// <summary>What a list takes beside <c>limit</c> and <c>cursor</c>, for documents and pages.</summary>
public sealed record ListParameters(IReadOnlyList<string> Sorts, IReadOnlyList<string> Filters, bool CanSearch)
{
    /// <summary>The list goes out as a file: it has a format, and no pages.</summary>
    public bool IsExport { get; init; }

    /// <summary>What a filter takes, where that is one of a few values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The order when none is asked for.</summary>
    public string DefaultSort { get; init; } = "-created_at";
}
