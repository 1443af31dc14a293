namespace CallAgent.Server;

/// <summary>A part of a whole.</summary>
public sealed record ShareRow(string Name, long Value, string? Path = null, string? Tone = null);
