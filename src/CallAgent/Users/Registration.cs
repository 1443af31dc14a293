namespace CallAgent;

/// <summary>Makes a new user with its owner.</summary>
public sealed class Registration
{
    private readonly CallAgentHost host;

    internal Registration(CallAgentHost host) => this.host = host;

    /// <summary>Registers a user on the free plan, and mails a link to confirm the address; a taken one is a conflict.</summary>
    public async Task<Result<Principal>> RegisterAsync(Client.Register request, CancellationToken cancellation = default)
    {
        // All that is wrong at once: nobody likes to be told one thing after the other.
        var errors = Validation.Of(request)?.Errors?.ToDictionary() ?? [];
        var email = errors.ContainsKey("email") ? null : Emails.Normalise(request.Email);
        if (email is null)
        {
            errors.TryAdd("email", ["Is not an e-mail address."]);
            return Problem.Invalid(errors);
        }
        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }
        if (host.PasswordRules.Check("password", request.Password, email) is { } weak)
        {
            return weak;
        }
        var now = host.Clock.Now();
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
            PasswordHash = await host.Passwords.HashAsync(request.Password, cancellation),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (token, secret) = MailedToken.For(owner.Id, MailedPurpose.VerifyEmail, now);
        await using var db = host.Database.Open(TenantScope.Of(user.UserId));
        db.Actor = AuditActor.Of(owner);
        db.AddRange(user, owner, token, AuditUpkeep.JobOf(user.UserId, now));
        if (await db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        host.Mailer.Post(user.UserId, host.Mails.VerifyEmail(email, secret));
        return PrincipalCache.Describe(user, owner) with { Kind = CredentialKind.Session };
    }
}
