using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace CallAgent;

/// <summary>The signed-in member's own second factor.</summary>
public sealed class TwoFactor
{
    private static readonly Problem IsOn = Problem.Conflict("two-factor-on", "Two-factor sign-in is on already", "Turn it off first to use another app.");
    private static readonly Problem IsOff = Problem.Conflict("two-factor-off", "Two-factor sign-in is not on", "Begin with POST /api/two-factor.");
    private static readonly Problem WrongCode = Problem.Invalid("code", "Is not a code of now that was not used yet.");

    private readonly Workspace workspace;

    internal TwoFactor(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    private TwoFactorCodes Codes => workspace.Host.TwoFactorCodes;

    public async Task<Client.TwoFactor> StatusAsync(CancellationToken cancellation = default)
    {
        var member = await MeAsync(cancellation);
        return new() { IsOn = member.TotpConfirmedAt is not null, RecoveryCodesLeft = await Db.RecoveryCodes.CountAsync(c => c.MemberId == member.Id, cancellation) };
    }

    /// <summary>A new secret for an authenticator app. It counts once a code of it was given.</summary>
    public async Task<Result<Client.TwoFactorSecret>> BeginAsync(Client.BeginTwoFactor request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? await workspace.Account.CheckPasswordAsync(request.Password, cancellation)) is { } refused)
        {
            return refused;
        }
        var member = await MeAsync(cancellation);
        if (member.TotpConfirmedAt is not null)
        {
            return IsOn;
        }
        var (secret, kept) = Codes.NewSecret(member);
        member.TotpSecret = kept;
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        var text = Base32Encoding.ToString(secret).TrimEnd('=');
        return new Client.TwoFactorSecret { Secret = text, Uri = UriOf(member.Email, text) };
    }

    /// <summary>What an authenticator app reads from a QR code.</summary>
    public static string UriOf(string email, string secret) => $"otpauth://totp/CallAgent:{Uri.EscapeDataString(email)}?secret={secret}&issuer=CallAgent";

    /// <summary>Turns it on by a first code, and answers the recovery codes, this once.</summary>
    public async Task<Result<Client.RecoveryCodes>> ConfirmAsync(Client.ConfirmTwoFactor request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        var member = await MeAsync(cancellation);
        if (member.TotpConfirmedAt is not null || member.TotpSecret is null)
        {
            return member.TotpSecret is null ? IsOff : IsOn;
        }
        if (Codes.StepOf(member, request.Code) is not { } step)
        {
            return WrongCode;
        }
        (member.TotpConfirmedAt, member.TotpLastStep) = (workspace.Now, step);
        var codes = AddCodes(member.Id);
        return await SaveAsync(member, workspace.Host.Mails.TwoFactorOn(member.Email), cancellation) is { } problem ? problem : codes;
    }

    /// <summary>Replaces the recovery codes.</summary>
    public async Task<Result<Client.RecoveryCodes>> RenewCodesAsync(Client.ConfirmTwoFactor request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? await CheckCodeAsync(request.Code, cancellation)) is { } refused)
        {
            return refused;
        }
        var member = await MeAsync(cancellation);
        Db.RemoveRange(await Db.RecoveryCodes.Where(c => c.MemberId == member.Id).ToListAsync(cancellation));
        var codes = AddCodes(member.Id);
        Db.Audit(Client.AuditKind.Write, AuditActions.RecoveryCodeRenew, member.Id);
        return await Db.TrySaveAsync(cancellation) is { } problem ? problem : codes;
    }

    /// <summary>Turns it off, by a code or a recovery code.</summary>
    public async Task<Problem?> TurnOffAsync(Client.ConfirmTwoFactor request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? await CheckCodeAsync(request.Code, cancellation)) is { } refused)
        {
            return refused;
        }
        return await ClearAsync(await MeAsync(cancellation), cancellation);
    }

    /// <summary>
    /// Turns it off for a member who has lost app and recovery codes, without a code: for code in process, such as the
    /// operator's tool. The member is told by mail.
    /// </summary>
    public Task<Problem?> ResetAsync(Guid memberId, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
        await Db.Members.FirstOrDefaultAsync(m => m.Id == memberId, cancellation) switch
        {
            null => Problem.NotFound,
            { TotpConfirmedAt: null } => IsOff,
            var member => await ClearAsync(member, cancellation),
        });

    /// <summary>Refuses what is not a code of the signed-in member; takes what is.</summary>
    internal async Task<Problem?> CheckCodeAsync(string code, CancellationToken cancellation)
    {
        var member = await MeAsync(cancellation);
        Db.ChangeTracker.Clear();
        if (member.TotpConfirmedAt is null)
        {
            return IsOff;
        }
        if (workspace.Host.Throttle.Try(("code", member.Id)) is { } later)
        {
            return later;
        }
        if (!await Codes.TakeAsync(Db, member, code, cancellation))
        {
            workspace.Account.AuditWrongTry(member, "wrong-code");
            return WrongCode;
        }
        workspace.Host.Throttle.Forgive(("code", member.Id));
        return null;
    }

    private async Task<Problem?> ClearAsync(Member member, CancellationToken cancellation)
    {
        (member.TotpSecret, member.TotpConfirmedAt, member.TotpLastStep) = (null, null, null);
        Db.RemoveRange(await Db.RecoveryCodes.Where(c => c.MemberId == member.Id).ToListAsync(cancellation));
        return await SaveAsync(member, workspace.Host.Mails.TwoFactorOff(member.Email), cancellation);
    }

    private Client.RecoveryCodes AddCodes(Guid memberId)
    {
        var codes = Codes.NewRecoveryCodes(memberId);
        Db.AddRange(codes.Select(c => c.Row));
        return new() { Codes = [.. codes.Select(c => c.Code)] };
    }

    private async Task<Problem?> SaveAsync(Member member, Mail notice, CancellationToken cancellation)
    {
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        workspace.Host.Principals.ForgetMember(member.UserId, member.Id);
        workspace.Post(notice);
        return null;
    }

    private Task<Member> MeAsync(CancellationToken cancellation)
    {
        var me = workspace.Principal.MemberId;
        return Db.Members.FirstAsync(m => me == null ? m.Role == Client.MemberRole.Owner : m.Id == me, cancellation);
    }
}
