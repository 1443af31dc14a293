namespace CallAgent;

/// <summary>
/// A row of one user (the tenant). Every entity is one: the filter, the stamp, the guard, the keys and the
/// row-level security policy all follow from this interface, by loops over the model.
/// </summary>
internal interface ITenantOwned
{
    Guid UserId { get; set; }
}

/// <summary>A row that changes: counted up and dated at every save.</summary>
internal interface IVersioned : ITenantOwned
{
    int Version { get; set; }
    DateTimeOffset UpdatedAt { get; set; }
}
