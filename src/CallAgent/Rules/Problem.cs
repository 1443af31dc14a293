namespace CallAgent;

/// <summary>
/// Why something asked for was not done: an expected failure, returned and not thrown. Over HTTP it becomes an
/// RFC 9457 answer with <see cref="Status"/>.
/// </summary>
public sealed record Problem(string Name, int Status, string Title, string? Detail = null)
{
    /// <summary>The name of the conflict over a phone number; its member <c>contact_id</c> says who has it.</summary>
    public const string PhoneNumberTaken = "phone-number-taken";

    /// <summary>Validation errors by JSON field name.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When to try again, for those who came too often.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Further members of the answer.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>What a code completes a sign-in with, when the password was right and a second factor is needed.</summary>
    public string? Challenge => Extensions?.GetValueOrDefault("challenge") as string;

    /// <summary>The stable <c>type</c> of RFC 9457.</summary>
    public string Type => $"/problems/{Name}";

    /// <summary>Not there, or another user's: the two are one answer.</summary>
    public static Problem NotFound { get; } = new("not-found", 404, "Not found", "There is nothing of yours with this id.");

    public static Problem NotSignedIn { get; } =
        new("not-signed-in", 401, "Not signed in", "Send a session cookie, an access token or an API key that is in force.");

    public static Problem WrongCredentials { get; } = new("wrong-credentials", 401, "Wrong e-mail or password");

    public static Problem NotActive(Client.UserStatus status) =>
        new("account-not-active", 401, "This account is not active", $"The account is {status.ToText()}. Ask the operator of this installation.");

    public static Problem Deactivated { get; } =
        new("member-deactivated", 401, "Your access was deactivated", "Ask the owner or an admin of your team.");

    public static Problem Forbidden(string permission) =>
        new("forbidden", 403, "Your role does not allow this", $"This needs the permission \"{permission}\".");

    public static Problem NotForOperators { get; } = new("not-for-operators", 403, "Not while you are at work here from outside",
        "Who operates the installation sees and works within an account as an agent does. Campaigns, members, keys, exports, the audit log and the account itself belong to its own people.");

    /// <summary>The password was right; <paramref name="challenge"/> and a code complete the sign-in.</summary>
    public static Problem TwoFactorNeeded(string challenge) =>
        new("two-factor-required", 401, "A code is needed", "Send \"challenge\" with a code of your authenticator app, within five minutes.")
        {
            Extensions = new Dictionary<string, object?> { ["challenge"] = challenge },
        };

    public static Problem WrongCode { get; } = new("wrong-code", 401, "Wrong code", "Take the code that your app shows now; each serves once.");

    public static Problem ChallengeOver { get; } = new("challenge-over", 401, "Begin again", "This took too long, or something changed meanwhile. Sign in with the password again.");

    public static Problem TooManyTries(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        return new("too-many-tries", 429, "Too many wrong tries", $"Wait {seconds} seconds before you try again.") { RetryAfterSeconds = seconds };
    }

    public static Problem OutOfScope(string scope) => scope.Length == 0
        ? new("key-not-allowed", 403, "Not for API keys", "Keys, sessions, passwords and the account itself are managed by people. Sign in by a session or an access token.")
        : new("scope-missing", 403, "This key's scopes do not allow this", $"It needs the scope \"{scope}\".");

    public static Problem NotYourKey { get; } =
        new("not-your-key", 403, "This is the key of somebody else", "A key acts for the member who made it, and only that member changes or replaces it. You can revoke it.");

    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new("invalid-request", 400, "The request is not valid", "See \"errors\" for what to change.") { Errors = errors };

    public static Problem Invalid(string field, string message) => Invalid(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary>Both at once, so that nobody mends one only to hear of the other; this one's title stays.</summary>
    public Problem And(Problem? other) => other?.Errors is not { } more ? this : this with
    {
        Errors = (Errors ?? new Dictionary<string, string[]>()).Concat(more).DistinctBy(e => e.Key).ToDictionary(),
    };

    public static Problem Conflict(string name, string title, string detail) => new(name, 409, title, detail);

    public static Problem Stale { get; } =
        new("stale", 412, "It has changed meanwhile", "Somebody else changed this at the same moment. Read it again and repeat your change.");

    internal static Problem LimitReached(PlanLimitException e)
    {
        var (plan, change) = (e.Plan, e.Change);
        return LimitReached(plan, change.Name, change.Limit ?? 0, e.Used,
            $"The {plan.ToText()} plan allows {change.Limit} {Subject(change)}; {e.Used} are used. {Relief(change)}");
    }

    /// <param name="plan">The user's.</param>
    /// <param name="what">What there is too much of, as the metrics name it.</param>
    /// <param name="limit">How much the plan allows.</param>
    /// <param name="used">How much there is.</param>
    /// <param name="detail">What to do about it.</param>
    internal static Problem LimitReached(Client.Plan plan, string what, int limit, long used, string detail)
    {
        Meters.LimitReached(plan.ToText(), what);
        return new("plan-limit-reached", 403, "The plan's limit is reached", detail)
        {
            Extensions = new Dictionary<string, object?> { ["limit"] = limit, ["used"] = used, ["plan"] = plan.ToText() },
        };
    }

    private static string Subject(CounterChange change) => change.Name.Replace('_', ' ') + (IsMonthly(change) ? " a month" : "");

    // What has happened in a month has happened.
    private static string Relief(CounterChange change) => IsMonthly(change)
        ? "The count begins anew with the next month; until then only what was never begun gives its place back, or take a larger plan."
        : PlanLimits.IsOfEveryPlan(change.Name) ? "Delete some."
        : "Delete some or take a larger plan.";

    private static bool IsMonthly(CounterChange change) => change.Period.Length == 7;
}

/// <summary>Thrown by <see cref="Result{T}.OrThrow"/> for those who want the value or nothing.</summary>
public sealed class ProblemException(Problem problem) : Exception($"{problem.Title}. {Describe(problem)}".TrimEnd())
{
    public Problem Problem { get; } = problem;

    private static string Describe(Problem problem) => problem.Errors is { } errors
        ? string.Join(' ', errors.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}"))
        : problem.Detail ?? "";
}

/// <summary>A value, or the problem that stood in its way.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    /// <summary>A value whose type has no conversion of its own, such as an interface.</summary>
    public Result(T value) : this(value, null)
    {
    }

    private Result(T? value, Problem? problem) => (this.value, Problem) = (value, problem);

    /// <summary><c>null</c> when there is a value.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; asking for it when there is a problem is a bug.</summary>
    public T Value => Problem is null ? value! : throw new ProblemException(Problem);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);

    /// <summary>The value, or a <see cref="ProblemException"/>.</summary>
    public T OrThrow() => Value;
}
