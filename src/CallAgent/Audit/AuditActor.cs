namespace CallAgent;

/// <summary>Who does something, as the audit log names it.</summary>
internal readonly record struct AuditActor(Client.AuditActorKind Kind, Guid? Id = null, string? Name = null)
{
    public static AuditActor Product { get; } = new(Client.AuditActorKind.System, Name: "CallAgent");

    public static AuditActor Operator { get; } = new(Client.AuditActorKind.Operator);

    public static AuditActor Stranger { get; } = new(Client.AuditActorKind.Stranger);

    public static AuditActor Of(Principal principal) => principal switch
    {
        { Impersonation: { } impersonation } => Impersonations.ActorOf(impersonation),
        { OperatorName: { } name } => Operator with { Name = name },
        { Kind: CredentialKind.ApiKey } => new(Client.AuditActorKind.ApiKey, principal.CredentialId, principal.ActorName),
        { MemberId: { } member } => new(Client.AuditActorKind.Member, member, principal.ActorName),
        _ => new(Client.AuditActorKind.System, Name: principal.ActorName),
    };

    public static AuditActor Of(Member member) => new(Client.AuditActorKind.Member, member.Id, member.FullName);
}

/// <summary>Where the work in hand comes from. What serves requests sets it at the beginning of each.</summary>
/// <param name="Address">The network address.</param>
/// <param name="RequestId">Names the request in logs and answers too.</param>
public sealed record RequestOrigin(string? Address, string? RequestId)
{
    private static readonly AsyncLocal<RequestOrigin?> Ambient = new();

    /// <summary>That of this flow of control; <c>null</c> for work that nobody asked for over a network.</summary>
    public static RequestOrigin? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }
}
