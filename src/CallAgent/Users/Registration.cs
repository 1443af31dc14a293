namespace CallAgent;

/// <summary>Makes a new user with its owner.</summary>
public sealed class Registration
{
    private readonly Database database;
    private readonly Passwords passwords;
    private readonly TimeProvider clock;

    internal Registration(Database database, Passwords passwords, TimeProvider clock) =>
        (this.database, this.passwords, this.clock) = (database, passwords, clock);

    /// <summary>Registers a user on the free plan; a taken e-mail is a conflict.</summary>
    public async Task<Result<Principal>> RegisterAsync(Client.Register request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (Emails.Normalise(request.Email) is not { } email)
        {
            return Problem.Invalid("email", "Is not an e-mail address.");
        }
        var now = clock.Now();
        var user = new User
        {
            UserId = Guid.CreateVersion7(now),
            CompanyName = Text.Blank(request.CompanyName),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var owner = new Member
        {
            Email = email,
            FirstName = Text.Blank(request.FirstName),
            LastName = Text.Blank(request.LastName),
            Role = Client.MemberRole.Owner,
            PasswordHash = await passwords.HashAsync(request.Password, cancellation),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var db = database.Open(TenantScope.Of(user.UserId));
        db.AddRange(user, owner);
        return await db.TrySaveAsync(cancellation) is { } problem
            ? problem
            : PrincipalCache.Describe(user, owner) with { Kind = CredentialKind.Session };
    }
}
