namespace CallAgent;

/// <summary>What a list takes beside <c>limit</c> and <c>cursor</c>, for documents and pages.</summary>
public sealed record ListParameters(IReadOnlyList<string> Sorts, IReadOnlyList<string> Filters, bool CanSearch);
