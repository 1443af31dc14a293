using Microsoft.EntityFrameworkCore;

namespace CallAgent;

// How the signed-in member signs in: its password and its address.
public sealed partial class Account
{
    /// <summary>Changes the password. All other sessions, and all access and refresh tokens, end.</summary>
    public Task<Problem?> ChangePasswordAsync(Client.ChangePassword request, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        var (_, member) = await ReadAsync(tracked: true, cancellation);
        if (workspace.Host.Throttle.Try(("password", member.Id)) is { } later)
        {
            return later;
        }
        if (!await workspace.Host.Passwords.VerifyAsync(request.CurrentPassword, member.PasswordHash, cancellation))
        {
            AuditWrongTry(member, "wrong-password");
            return Problem.Invalid("current_password", "Is not your password.");
        }
        workspace.Host.Throttle.Forgive(("password", member.Id));
        if (workspace.Host.PasswordRules.Check("new_password", request.NewPassword, member.Email) is { } weak)
        {
            return weak;
        }
        member.PasswordHash = await workspace.Host.Passwords.HashAsync(request.NewPassword, cancellation);
        member.CredentialVersion++;

        var others = Db.Sessions.Where(s => s.MemberId == member.Id && s.Id != workspace.Principal.CredentialId);
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        await Member.HoldAsync(Db, member.Id, cancellation);
        var ended = await others.Select(s => s.Hash).ToListAsync(cancellation);
        await others.ExecuteDeleteAsync(cancellation);
        await Db.RefreshTokens.Where(t => t.MemberId == member.Id).ExecuteDeleteAsync(cancellation);
        await MailedToken.RevokeAsync(Db, member.Id, cancellation);
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        ended.ForEach(workspace.Host.Principals.ForgetCredential<Session>);
        workspace.Host.Principals.ForgetMember(member.UserId, member.Id);
        workspace.Post(workspace.Host.Mails.PasswordChanged(member.Email));
        return null;
    });

    /// <summary>Mails a link to confirm the address, unless that is done or several are under way.</summary>
    public async Task SendVerificationAsync(CancellationToken cancellation = default)
    {
        var (_, member) = await ReadAsync(tracked: false, cancellation);
        if (member.EmailVerifiedAt is null && await MailedToken.IssueAsync(Db, member.Id, MailedPurpose.VerifyEmail, cancellation) is { } secret)
        {
            workspace.Post(workspace.Host.Mails.VerifyEmail(member.Email, secret));
        }
    }

    /// <summary>
    /// Mails a link to the new address, and tells the old one. The change is made when the link is followed; that the new
    /// address is taken is said only then, to somebody who reads it.
    /// </summary>
    public async Task<Problem?> ChangeEmailAsync(Client.ChangeEmail request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (Emails.Normalise(request.Email) is not { } email)
        {
            return Problem.Invalid("email", "Is not an e-mail address.");
        }
        if (await CheckPasswordAsync(request.Password, cancellation) is { } wrong)
        {
            return wrong;
        }
        var (_, member) = await ReadAsync(tracked: false, cancellation);
        if (await MailedToken.IssueAsync(Db, member.Id, MailedPurpose.ChangeEmail, cancellation, email) is { } secret)
        {
            workspace.Post(workspace.Host.Mails.ConfirmEmail(email, secret));
            workspace.Post(workspace.Host.Mails.EmailChangeAsked(member.Email, email));
        }
        return null;
    }

    /// <summary>Refuses what is not the signed-in member's password.</summary>
    internal async Task<Problem?> CheckPasswordAsync(string password, CancellationToken cancellation)
    {
        var (_, member) = await ReadAsync(tracked: false, cancellation);
        if (workspace.Host.Throttle.Try(("password", member.Id)) is { } later)
        {
            return later;
        }
        if (!await workspace.Host.Passwords.VerifyAsync(password, member.PasswordHash, cancellation))
        {
            AuditWrongTry(member, "wrong-password");
            return Problem.Invalid("password", "Is not your password.");
        }
        workspace.Host.Throttle.Forgive(("password", member.Id));
        return null;
    }

    /// <summary>Notes that somebody who is signed in could not show who is there.</summary>
    internal void AuditWrongTry(Member member, string reason) => workspace.Host.AuditInbox.Post(
        member.UserId, AuditActor.Of(workspace.Principal), Client.AuditKind.SignIn, AuditActions.SignInFail, member.Id, new { member = member.FullName, reason });

    /// <summary>Notes that whoever has this session has shown once more who is there.</summary>
    public async Task<Problem?> StepUpAsync(Client.StepUp request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        var refused = request switch
        {
            { Code: { } code } => await workspace.TwoFactor.CheckCodeAsync(code, cancellation),
            { Password: { } password } => await CheckPasswordAsync(password, cancellation),
            _ => Problem.Invalid("password", "Send the password, or a code."),
        };
        if (refused is not null)
        {
            return refused;
        }
        var (id, now) = (workspace.Principal.CredentialId, workspace.Now);
        if (workspace.Principal.Kind != CredentialKind.Session || await Db.Sessions.FirstOrDefaultAsync(s => s.Id == id, cancellation) is not { } session)
        {
            return Problem.Conflict("no-session", "This is not a session", "Programs get a new token by the password instead.");
        }
        session.ProvedAt = now;
        var problem = await Db.TrySaveAsync(cancellation);
        workspace.Host.Principals.ForgetCredential<Session>(session.Hash);
        return problem;
    }
}
