namespace CallAgent;

/// <summary>What kinds of rows may have changed. Flags, so that any number of changes that wait take the room of one.</summary>
[Flags]
public enum LiveTopics
{
    None = 0,
    Contacts = 1,
    Calls = 2,
    Conversations = 4,
    Campaigns = 8,

    /// <summary>Use of the plan, or the plan itself.</summary>
    Usage = 16,
    Imports = 32,
    All = Contacts | Calls | Conversations | Campaigns | Usage | Imports,
}

/// <summary>Topics as addresses name them, and which rows belong to which.</summary>
public static class LiveTopicNames
{
    private static readonly LiveTopics[] Single = [.. Enum.GetValues<LiveTopics>().Where(t => int.IsPow2((int)t))];

    /// <summary>Every topic's name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Single.Select(NameOf)];

    /// <summary>The names of the topics that are set, such as <c>contacts</c>.</summary>
    public static IEnumerable<string> Names(this LiveTopics topics) => Single.Where(t => topics.HasFlag(t)).Select(NameOf);

    /// <summary>Names with commas between them; <c>null</c> when one of them is no topic.</summary>
    public static LiveTopics? Parse(string names)
    {
        var topics = LiveTopics.None;
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Array.Find(Single, t => NameOf(t) == name) is not (> LiveTopics.None and var topic))
            {
                return null;
            }
            topics |= topic;
        }
        return topics;
    }

    /// <summary>What a change of such a row is a change of.</summary>
    internal static LiveTopics Of(Type entity) => entity switch
    {
        _ when entity == typeof(Contact) => LiveTopics.Contacts,
        _ when entity == typeof(Call) => LiveTopics.Calls,
        _ when entity == typeof(Conversation) || entity == typeof(Turn) => LiveTopics.Conversations,
        _ when entity == typeof(Campaign) => LiveTopics.Campaigns,
        _ when entity == typeof(Import) => LiveTopics.Imports,
        _ when entity == typeof(User) => LiveTopics.Usage,
        _ => LiveTopics.None,
    };

    private static string NameOf(LiveTopics topic) => topic.ToString().ToLowerInvariant();
}
