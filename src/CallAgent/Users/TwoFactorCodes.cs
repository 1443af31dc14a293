using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace CallAgent;

/// <summary>
/// The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes. The app's secret is kept sealed
/// by a key that follows from SECRET_KEY and bound to its member, so that the database alone makes no codes.
/// </summary>
internal sealed class TwoFactorCodes(Secrets secrets, TimeProvider clock)
{
    private const int SecretLength = 20;
    private const int SignatureLength = 16;
    private const int RecoveryCount = 10;
    private const int StepSeconds = 30;

    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(5);

    private readonly Seal seal = secrets.SealFor("two-factor");
    private readonly Signer recovery = secrets.SignerFor("recovery-codes");
    private readonly Signer challenges = secrets.SignerFor("two-factor-challenge", SignatureLength);

    /// <summary>A new secret, and its sealed form for the member's row.</summary>
    public (byte[] Secret, string Sealed) NewSecret(Member member)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        return (secret, Close(member, secret));
    }

    /// <summary>The step of time that the code is of, and its neighbours for clocks that differ; <c>null</c> when it is wrong.</summary>
    public long? StepOf(Member member, string code)
    {
        var totp = new Totp(Open(member, out _), StepSeconds);
        return totp.VerifyTotp(clock.GetUtcNow().UtcDateTime, code, out var step, new VerificationWindow(previous: 1, future: 1)) ? step : null;
    }

    /// <summary>
    /// Takes a code of the app, or a recovery code, once: neither a second sign-in at the same moment nor somebody who saw
    /// the code typed gets on with it.
    /// </summary>
    public async Task<bool> TakeAsync(CrmDb db, Member member, string code, CancellationToken cancellation)
    {
        var typed = string.Concat(code.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        if (typed.Length == 6 && typed.All(char.IsAsciiDigit))
        {
            // With every use it comes under the present secret, so that one of before can be forgotten some day.
            var secret = Open(member, out var isOld);
            var kept = isOld ? Close(member, secret) : member.TotpSecret;
            return StepOf(member, typed) is { } step && await db.Members
                .Where(m => m.Id == member.Id && m.TotpConfirmedAt != null && (m.TotpLastStep == null || m.TotpLastStep < step))
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.TotpLastStep, step).SetProperty(m => m.TotpSecret, kept), cancellation) == 1;
        }
        var hashes = HashesOf(member.Id, typed);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.RecoveryCodes.Where(c => c.MemberId == member.Id && hashes.Contains(c.Hash)).ExecuteDeleteAsync(cancellation) != 1)
        {
            return false;
        }
        db.Audit(Client.AuditKind.SignIn, AuditActions.RecoveryCodeUse, member.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Ten fresh recovery codes, and their rows.</summary>
    public IReadOnlyList<(string Code, RecoveryCode Row)> NewRecoveryCodes(Guid memberId) => [.. Enumerable.Range(0, RecoveryCount).Select(_ =>
    {
        // 50 bits, in letters and digits that are not taken for one another.
        var code = RandomNumberGenerator.GetString("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 10);
        return ($"{code[..5]}-{code[5..]}", new RecoveryCode { MemberId = memberId, Hash = HashesOf(memberId, code)[0] });
    })];

    /// <summary>Says for five minutes that a password was right, to whoever brings the code next.</summary>
    public string Challenge(Principal principal)
    {
        var text = new byte[44];
        principal.UserId.TryWriteBytes(text);
        principal.MemberId!.Value.TryWriteBytes(text.AsSpan(16));
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(32), principal.CredentialVersion);
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(36), (clock.GetUtcNow() + ChallengeLife).ToUnixTimeSeconds());
        return Base64Url.EncodeToString([.. challenges.Sign(text), .. text]);
    }

    /// <summary>Whom a challenge is of; <c>null</c> when it is not one of ours in force.</summary>
    public (Guid UserId, Guid MemberId, int CredentialVersion)? Read(string challenge)
    {
        if (challenge.Length > 200 || !Base64Url.IsValid(challenge) || Base64Url.DecodeFromChars(challenge) is not { Length: SignatureLength + 44 } bytes)
        {
            return null;
        }
        var text = bytes.AsSpan(SignatureLength);
        return challenges.IsSigned(text, bytes.AsSpan(0, SignatureLength))
            && BinaryPrimitives.ReadInt64BigEndian(text[36..]) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? (new Guid(text[..16]), new Guid(text[16..32]), BinaryPrimitives.ReadInt32BigEndian(text[32..]))
            : null;
    }

    private string Close(Member member, byte[] secret) => Convert.ToBase64String(seal.Close(secret, Owner(member)));

    private byte[] Open(Member member, out bool isOld) => seal.Open(Convert.FromBase64String(member.TotpSecret!), Owner(member), out isOld);

    // The first is under the present secret.
    private List<string> HashesOf(Guid memberId, string code) =>
        [.. recovery.SignByAll([.. memberId.ToByteArray(), .. Encoding.UTF8.GetBytes(code)]).Select(Convert.ToHexStringLower)];

    private static byte[] Owner(Member member) => [.. member.UserId.ToByteArray(), .. member.Id.ToByteArray()];
}
