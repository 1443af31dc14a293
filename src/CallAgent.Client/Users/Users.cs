using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

/// <summary>What a user (the tenant) may hold and do.</summary>
public enum Plan { Free, Basic, Professional, Enterprise }

/// <summary>Whether a user may sign in: <c>active</c> and <c>trial</c> may, <c>inactive</c> and <c>suspended</c> may not.</summary>
public enum UserStatus { Active, Inactive, Suspended, Trial }

/// <summary>What a member may do in its user's account: each role may all that the ones after it may.</summary>
public enum MemberRole { Owner, Admin, Agent, Viewer }

public sealed record Register
{
    [Required, StringLength(254)]
    public required string Email { get; init; }

    /// <summary>8 to 256 characters; any characters.</summary>
    [Required, StringLength(256, MinimumLength = 8)]
    public required string Password { get; init; }

    [StringLength(100)] public string? FirstName { get; init; }
    [StringLength(100)] public string? LastName { get; init; }
    [StringLength(200)] public string? CompanyName { get; init; }
}

public sealed record Login
{
    [Required, StringLength(254)] public required string Email { get; init; }
    [Required, StringLength(256)] public required string Password { get; init; }
}

/// <summary>The answer to registering and logging in.</summary>
public sealed record SignedIn
{
    public required string Message { get; init; }
    public required SignedInUser User { get; init; }
}

public sealed record SignedInUser
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string FullName { get; init; }
    public required string? CompanyName { get; init; }
    public required Plan Plan { get; init; }

    /// <summary>The signed-in member's role in this account.</summary>
    public required MemberRole Role { get; init; }
}

/// <summary>An answer that only says what was done.</summary>
public sealed record Done
{
    public required string Message { get; init; }
}

public sealed record Profile
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }

    /// <summary>Whether a link in a mail to the address was followed.</summary>
    public required bool EmailVerified { get; init; }

    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string FullName { get; init; }
    public required string? CompanyName { get; init; }
    public required string? PhoneNumber { get; init; }
    public required Plan Plan { get; init; }
    public required UserStatus Status { get; init; }

    /// <summary>The signed-in member's role in this account.</summary>
    public required MemberRole Role { get; init; }

    public required UserSettings Settings { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed record UserSettings
{
    /// <summary>ISO 3166-1 alpha-2 region that phone numbers without a country code are read in; <c>US</c> when absent.</summary>
    [StringLength(2, MinimumLength = 2)] public string? DefaultRegion { get; init; }

    /// <summary>IANA time zone that days and calendar months are counted in; <c>UTC</c> when absent.</summary>
    [StringLength(64)] public string? TimeZone { get; init; }
}

public sealed record UpdateProfile
{
    [StringLength(100)] public Optional<string?> FirstName { get; init; }
    [StringLength(100)] public Optional<string?> LastName { get; init; }
    [StringLength(200)] public Optional<string?> CompanyName { get; init; }
    [StringLength(40)] public Optional<string?> PhoneNumber { get; init; }

    /// <summary>Members left out keep their value.</summary>
    public Optional<UserSettings> Settings { get; init; }
}

public sealed record ChangePassword
{
    [Required, StringLength(256)] public required string CurrentPassword { get; init; }

    /// <summary>8 to 256 characters; any characters.</summary>
    [Required, StringLength(256, MinimumLength = 8)] public required string NewPassword { get; init; }
}

public sealed record ForgotPassword
{
    [Required, StringLength(254)] public required string Email { get; init; }
}

public sealed record ResetPassword
{
    /// <summary>From the link in the mail.</summary>
    [Required, StringLength(100)] public required string Token { get; init; }

    /// <summary>8 to 256 characters; any characters.</summary>
    [Required, StringLength(256, MinimumLength = 8)] public required string NewPassword { get; init; }
}

public sealed record ChangeEmail
{
    [Required, StringLength(254)] public required string Email { get; init; }

    /// <summary>One's own.</summary>
    [Required, StringLength(256)] public required string Password { get; init; }
}

public sealed record UseMailedToken
{
    /// <summary>From the link in the mail.</summary>
    [Required, StringLength(100)] public required string Token { get; init; }
}

public sealed record DeleteAccount
{
    [Required, StringLength(256)] public required string Password { get; init; }
}

/// <summary>Either e-mail and password, or a refresh token, or a challenge and a code.</summary>
public sealed record CreateToken
{
    [StringLength(254)] public string? Email { get; init; }
    [StringLength(256)] public string? Password { get; init; }

    /// <summary>Taken once: the answer holds the next one.</summary>
    [StringLength(200)] public string? RefreshToken { get; init; }

    /// <summary>From the 401 <c>two-factor-required</c>; needs <see cref="Code"/>.</summary>
    [StringLength(200)] public string? Challenge { get; init; }

    /// <summary>Six digits of the authenticator app, or a recovery code.</summary>
    [StringLength(20)] public string? Code { get; init; }
}

public sealed record Token
{
    /// <summary>A JWT for <c>Authorization: Bearer</c>.</summary>
    public required string AccessToken { get; init; }

    public required string TokenType { get; init; }

    /// <summary>Seconds until the access token ends.</summary>
    public required int ExpiresIn { get; init; }

    public required string RefreshToken { get; init; }
}

/// <summary>What a key is for: <c>test</c> keys are told apart at sight and live at most 30 days.</summary>
public enum ApiKeyMode { Live, Test }

public sealed record CreateApiKey
{
    [Required, StringLength(100, MinimumLength = 1)] public required string Name { get; init; }

    public ApiKeyMode Mode { get; init; }

    /// <summary>What it may, such as <c>contacts:read</c>; everything that its member may when absent.</summary>
    [MaxLength(50)] public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Addresses and networks it serves from, such as <c>192.0.2.0/24</c>; everywhere when absent.</summary>
    [MaxLength(50)] public IReadOnlyList<string>? AllowedAddresses { get; init; }

    /// <summary>When it ends; never when absent, a test key after 30 days.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record UpdateApiKey
{
    [StringLength(100, MinimumLength = 1)] public Optional<string> Name { get; init; }

    /// <summary>Replaces all scopes.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> Scopes { get; init; }

    /// <summary>Replaces all addresses; none means everywhere.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> AllowedAddresses { get; init; }

    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}

public sealed record RotateApiKey
{
    /// <summary>How long the old key serves on, at most a week; a day when absent.</summary>
    [Range(0, 604_800)] public int? OverlapSeconds { get; init; }
}

public record ApiKey
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The first characters, enough to tell keys apart.</summary>
    public required string Prefix { get; init; }

    public required ApiKeyMode Mode { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> AllowedAddresses { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last request signed in by this key, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

public sealed record CreatedApiKey : ApiKey
{
    /// <summary>The key itself. It is stored as a hash and shown this once.</summary>
    public required string Key { get; init; }
}
