namespace CallAgent.Client;

/// <summary>A record that says which version of itself it is, so that a change can be made to that one only.</summary>
public interface IVersionedRecord
{
    int Version { get; }
}
