namespace CallAgent.Client;

/// <summary>The form of an exported list.</summary>
public enum ExportFormat
{
    /// <summary>UTF-8 with a byte order mark, commas, one header row; what contacts import takes back exactly.</summary>
    Csv,

    /// <summary>A record of the API in each line.</summary>
    Jsonl,
}
