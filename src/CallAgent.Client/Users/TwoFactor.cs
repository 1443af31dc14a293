using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

public sealed record TwoFactor
{
    public required bool IsOn { get; init; }
    public required int RecoveryCodesLeft { get; init; }
}

public sealed record BeginTwoFactor
{
    /// <summary>One's own.</summary>
    [Required, StringLength(256)] public required string Password { get; init; }
}

/// <summary>What an authenticator app needs; shown this once.</summary>
public sealed record TwoFactorSecret
{
    /// <summary>Base32, to type in.</summary>
    public required string Secret { get; init; }

    /// <summary><c>otpauth://…</c>, for a QR code.</summary>
    public required string Uri { get; init; }
}

public sealed record ConfirmTwoFactor
{
    /// <summary>Six digits of the app, or a recovery code where one exists.</summary>
    [Required, StringLength(20)] public required string Code { get; init; }
}

public sealed record RecoveryCodes
{
    /// <summary>Each signs in once in place of the app; shown this once.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
}

/// <summary>The second step of logging in.</summary>
public sealed record LoginTwoFactor
{
    /// <summary>From the 401 of the first step; good for five minutes.</summary>
    [Required, StringLength(200)] public required string Challenge { get; init; }

    /// <summary>Six digits of the app, or a recovery code.</summary>
    [Required, StringLength(20)] public required string Code { get; init; }
}

/// <summary>Shows once more who is there: by the password or by a code.</summary>
public sealed record StepUp
{
    [StringLength(256)] public string? Password { get; init; }
    [StringLength(20)] public string? Code { get; init; }
}
