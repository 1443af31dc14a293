using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The signed-in member's own profile and the account it belongs to.</summary>
public sealed partial class Account
{
    private readonly Workspace workspace;

    internal Account(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public async Task<Client.Profile> ProfileAsync(CancellationToken cancellation = default)
    {
        var (user, member) = await ReadAsync(tracked: false, cancellation);
        return Describe(user, member);
    }

    /// <summary>Changes the given fields of the profile and the settings.</summary>
    public Task<Result<Client.Profile>> UpdateAsync(Client.UpdateProfile request, CancellationToken cancellation = default) => ChangeAsync(request, isAccount: true, cancellation);

    /// <summary>Changes what the signed-in member is called.</summary>
    public Task<Result<Client.Profile>> RenameAsync(Client.UpdateName request, CancellationToken cancellation = default) =>
        ChangeAsync(new() { FirstName = request.FirstName, LastName = request.LastName }, isAccount: false, cancellation);

    /// <summary>Erases the user with everything it has. There is no way back; what is left is a certificate.</summary>
    public async Task<Result<Client.ErasureCertificate>> DeleteAsync(Client.DeleteAccount request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (await CheckPasswordAsync(request.Password, cancellation) is { } wrong)
        {
            return wrong;
        }
        return await EraseAsync(cancellation);
    }

    /// <summary>Erases the user without asking for a password, for code in process.</summary>
    public Task<Client.ErasureCertificate> EraseAsync(CancellationToken cancellation = default) => new Erasure(workspace.Host).OfAsync(Db, cancellation);

    private Task<Result<Client.Profile>> ChangeAsync(Client.UpdateProfile request, bool isAccount, CancellationToken cancellation) =>
        workspace.RepeatAsync<Client.Profile>(async () =>
        {
            if (Validation.Of(request) is { } malformed)
            {
                return malformed;
            }
            var (user, member) = await ReadAsync(tracked: true, cancellation);
            if (workspace.Check(VersionOf(user, member)) is { } stale)
            {
                return stale;
            }
            if (workspace.ExpectedVersions is not null)
            {
                // Both are part of what was expected, whichever of them the change is about; a member's own name is nothing to the account.
                Db.Entry(user).Property(u => u.UpdatedAt).IsModified = isAccount;
                Db.Entry(member).Property(m => m.UpdatedAt).IsModified = true;
            }
            if ((ApplySettings(user, request.Settings.Or(new())) ?? ApplyPhone(user, request)) is { } invalid)
            {
                return invalid;
            }
            member.FirstName = Text.Blank(request.FirstName.Or(member.FirstName));
            member.LastName = Text.Blank(request.LastName.Or(member.LastName));
            user.CompanyName = Text.Blank(request.CompanyName.Or(user.CompanyName));
            if (await Db.TrySaveAsync(cancellation) is { } problem)
            {
                return problem;
            }
            workspace.Host.Principals.ForgetMember(user.UserId, member.Id);
            return Describe(user, member);
        });

    private async Task<(User User, Member Member)> ReadAsync(bool tracked, CancellationToken cancellation)
    {
        var memberId = workspace.Principal.MemberId;
        var members = Db.Members.Where(m => memberId == null ? m.Role == Client.MemberRole.Owner : m.Id == memberId).OrderBy(m => m.Id);
        var rows = members.Join(Db.Users, m => m.UserId, u => u.UserId, (m, u) => new { User = u, Member = m });
        var found = await (tracked ? rows : rows.AsNoTracking()).FirstAsync(cancellation);
        return (found.User, found.Member);
    }

    private static Problem? ApplySettings(User user, Client.UpdateSettings settings)
    {
        var region = (settings.DefaultRegion.Or(user.DefaultRegion) ?? User.FirstRegion).ToUpperInvariant();
        if (!Phone.IsRegion(region))
        {
            return Problem.Invalid("settings.default_region", "Is not a region such as US or DE.");
        }
        var zone = settings.TimeZone.Or(user.TimeZone) ?? User.FirstTimeZone;
        // What is kept was a zone when it was set, whatever this machine knows now.
        if (zone != user.TimeZone && (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) || !found.HasIanaId))
        {
            return Problem.Invalid("settings.time_zone", "Is not a time zone such as Europe/Berlin.");
        }
        (user.DefaultRegion, user.TimeZone) = (region, zone);
        return null;
    }

    private static Problem? ApplyPhone(User user, Client.UpdateProfile request)
    {
        if (request.PhoneNumber.IsSet)
        {
            var text = Text.Blank(request.PhoneNumber.Value);
            if (text is not null && Phone.Parse(text, user.DefaultRegion) is null)
            {
                return Problem.Invalid("phone_number", "Is not a phone number.");
            }
            user.PhoneNumber = text is null ? null : Phone.Parse(text, user.DefaultRegion)!.Value.E164;
        }
        return null;
    }

    // Either only grows, so that their sum names one state of both.
    private static int VersionOf(User user, Member member) => user.Version + member.Version - 1;

    private static Client.Profile Describe(User user, Member member) => new()
    {
        Id = user.UserId,
        Email = member.Email,
        EmailVerified = member.EmailVerifiedAt is not null,
        FirstName = member.FirstName,
        LastName = member.LastName,
        FullName = member.FullName,
        CompanyName = user.CompanyName,
        PhoneNumber = user.PhoneNumber,
        Plan = user.Plan,
        Status = user.Status,
        Role = member.Role,
        Settings = new() { DefaultRegion = user.DefaultRegion, TimeZone = user.TimeZone },
        Version = VersionOf(user, member),
        CreatedAt = user.CreatedAt,
    };
}
