using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What is done with links from mails, by people who are not signed in.</summary>
public sealed class Recovery
{
    private static readonly Problem Over = Problem.Invalid("token", "Is not in force: it was used, or is too old. Ask for a new mail.");

    private readonly CallAgentHost host;

    internal Recovery(CallAgentHost host) => this.host = host;

    /// <summary>Mails a link for a new password if the address is a member's. All that depends on that happens behind the answer.</summary>
    public Problem? ForgotPassword(Client.ForgotPassword request)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (Emails.Normalise(request.Email) is not { } email)
        {
            return Problem.Invalid("email", "Is not an e-mail address.");
        }
        var origin = RequestOrigin.Current;
        host.Mailer.Post(cancellation => WriteResetAsync(email, origin, cancellation));
        return null;
    }

    /// <summary>The address that a link is about, while the link is in force; <c>null</c> when it was used or is too old.</summary>
    public async Task<string?> FindAsync(string token, MailedPurpose purpose, CancellationToken cancellation = default)
    {
        if (await TokenAsync(token, purpose, cancellation) is not { } found)
        {
            return null;
        }
        await using var db = host.Database.Open(TenantScope.Of(found.UserId));
        return found.NewEmail ?? await db.Members.Where(m => m.Id == found.MemberId).Select(m => m.Email).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Sets a new password. Every session and token of the member ends; its API keys stay.</summary>
    public async Task<Problem?> ResetPasswordAsync(Client.ResetPassword request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (await FindAsync(request.Token, MailedPurpose.ResetPassword, cancellation) is not { } email)
        {
            return Over;
        }
        if (host.PasswordRules.Check("new_password", request.NewPassword, email) is { } weak)
        {
            return weak;
        }
        // Slow by intent, and so before the transaction.
        var hash = await host.Passwords.HashAsync(request.NewPassword, cancellation);
        var ended = new List<string>();
        var problem = await RedeemAsync(request.Token, MailedPurpose.ResetPassword, async (db, member, _) =>
        {
            member.PasswordHash = hash;
            member.CredentialVersion++;
            // The link was read where the address is.
            member.EmailVerifiedAt ??= host.Clock.Now();
            ended = await db.Sessions.Where(s => s.MemberId == member.Id).Select(s => s.Hash).ToListAsync(cancellation);
            await db.Sessions.Where(s => s.MemberId == member.Id).ExecuteDeleteAsync(cancellation);
            await db.RefreshTokens.Where(t => t.MemberId == member.Id).ExecuteDeleteAsync(cancellation);
            await MailedToken.RevokeAsync(db, member.Id, cancellation);
            return null;
        }, (member, _) => [host.Mails.PasswordChanged(member.Email)], cancellation);
        if (problem is null)
        {
            ended.ForEach(host.Principals.ForgetCredential<Session>);
        }
        return problem;
    }

    /// <summary>Notes that the member reads its address.</summary>
    public async Task<Problem?> VerifyEmailAsync(Client.UseMailedToken request, CancellationToken cancellation = default) =>
        Validation.Of(request) ?? await RedeemAsync(request.Token, MailedPurpose.VerifyEmail, (_, member, _) =>
        {
            member.EmailVerifiedAt ??= host.Clock.Now();
            return Task.FromResult<Problem?>(null);
        }, (_, _) => [], cancellation);

    /// <summary>Gives the member the address that the link was sent to; both addresses are told.</summary>
    public async Task<Problem?> ConfirmEmailAsync(Client.UseMailedToken request, CancellationToken cancellation = default)
    {
        var old = "";
        return Validation.Of(request) ?? await RedeemAsync(request.Token, MailedPurpose.ChangeEmail, async (db, member, token) =>
        {
            (old, member.Email, member.EmailVerifiedAt) = (member.Email, token.NewEmail!, host.Clock.Now());
            // Who still reads the old address must not set the password by a link that was sent there.
            await MailedToken.RevokeAsync(db, member.Id, cancellation);
            return null;
        }, (member, _) => [host.Mails.EmailChanged(old, member.Email), host.Mails.EmailChanged(member.Email, member.Email)], cancellation);
    }

    private async Task<Mail?> WriteResetAsync(string email, RequestOrigin? origin, CancellationToken cancellation)
    {
        RequestOrigin.Current = origin;
        Member? member;
        await using (var any = host.Database.Open(TenantScope.Naming(email)))
        {
            member = await any.Members.OfAnyUser().AsNoTracking().SingleOrDefaultAsync(m => m.Email == email && m.DeactivatedAt == null, cancellation);
        }
        if (member is null)
        {
            return null;
        }
        await using var db = host.Database.Open(TenantScope.Of(member.UserId));
        db.Actor = AuditActor.Stranger;
        return await MailedToken.IssueAsync(db, member.Id, MailedPurpose.ResetPassword, cancellation) is { } secret
            ? host.Mails.ResetPassword(email, secret) with { UserId = member.UserId }
            : null;
    }

    // The token goes in the transaction of its effect, together with its like: one at a time gets on.
    private async Task<Problem?> RedeemAsync(
        string secret, MailedPurpose purpose, Func<CrmDb, Member, MailedToken, Task<Problem?>> change,
        Func<Member, MailedToken, IEnumerable<Mail>> mails, CancellationToken cancellation)
    {
        if (await TokenAsync(secret, purpose, cancellation) is not { } token)
        {
            return Over;
        }
        await using var db = host.Database.Open(TenantScope.Of(token.UserId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await Member.HoldAsync(db, token.MemberId, cancellation);
        if (await db.MailedTokens.Where(t => t.Id == token.Id).ExecuteDeleteAsync(cancellation) != 1
            || await db.Members.FirstOrDefaultAsync(m => m.Id == token.MemberId, cancellation) is not { } member)
        {
            return Over;
        }
        db.Actor = AuditActor.Of(member);
        if (await change(db, member, token) is { } refused)
        {
            return refused;
        }
        await db.MailedTokens.Where(t => t.MemberId == member.Id && t.Purpose == purpose).ExecuteDeleteAsync(cancellation);
        if (await db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        host.Principals.ForgetMember(member.UserId, member.Id);
        foreach (var mail in mails(member, token))
        {
            host.Mailer.Post(member.UserId, mail);
        }
        return null;
    }

    private async Task<MailedToken?> TokenAsync(string secret, MailedPurpose purpose, CancellationToken cancellation)
    {
        var (now, hash) = (host.Clock.Now(), Secrets.Hash(secret));
        await using var any = host.Database.Open(TenantScope.Naming(hash));
        return await any.MailedTokens.OfAnyUser().AsNoTracking()
            .SingleOrDefaultAsync(t => t.Hash == hash && t.Purpose == purpose && t.ExpiresAt > now, cancellation);
    }
}
