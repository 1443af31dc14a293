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

public sealed record Profile : IVersionedRecord
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

    /// <summary>Grows with every change of the account or of the signed-in member; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

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

    public Optional<UpdateSettings> Settings { get; init; }
}

/// <summary>Members left out keep their value; <c>null</c> brings back what a new user has.</summary>
public sealed record UpdateSettings
{
    /// <summary>ISO 3166-1 alpha-2 region that phone numbers without a country code are read in.</summary>
    [StringLength(2, MinimumLength = 2)] public Optional<string?> DefaultRegion { get; init; }

    /// <summary>IANA time zone that days and calendar months are counted in.</summary>
    [StringLength(64)] public Optional<string?> TimeZone { get; init; }
}

/// <summary>What a member is called, as colleagues, timelines and scripts say it.</summary>
public sealed record UpdateName
{
    [StringLength(100)] public Optional<string?> FirstName { get; init; }
    [StringLength(100)] public Optional<string?> LastName { get; init; }
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
