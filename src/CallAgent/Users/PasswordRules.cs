using System.Text;

namespace CallAgent;

/// <summary>
/// Which passwords are taken, after NIST SP 800-63B-4: any of 8 to 256 characters, whatever they are, but not the own
/// address and not what guessers try first. In development only the length counts, so that examples stay simple.
/// </summary>
internal sealed class PasswordRules(bool isDevelopment)
{
    private const string Resource = "CallAgent.Users.common-passwords.txt";

    // Rows of keys and the alphabet; parts of them are guessed in both directions.
    private static readonly string[] Walks =
        ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"];

    private static readonly Lazy<HashSet<string>> Words = new(Read);

    /// <summary>What is wrong with a password that somebody chooses; its length is declared on the request.</summary>
    public Problem? Check(string field, string password, string email) => isDevelopment ? null
        : IsAbout(password, email) ? Problem.Invalid(field, "Must not be your e-mail address or a part of it.")
        : IsCommon(password) ? Problem.Invalid(field, "Is one of the passwords that are guessed first. A few unrelated words make a good one.")
        : null;

    /// <summary>Whether guessers try it first: a common word, a pattern of keys, or one of them with the usual decoration.</summary>
    internal static bool IsCommon(string password)
    {
        var plain = password.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return new[] { plain, Undecorate(plain), Unleet(plain), Undecorate(Unleet(plain)), Unleet(Undecorate(plain)) }.Any(IsGuess);
    }

    private static bool IsAbout(string password, string email)
    {
        var (whole, local) = (password.Trim(), email.Split('@')[0]);
        return string.Equals(whole, email, StringComparison.OrdinalIgnoreCase)
            || string.Equals(Undecorate(whole.ToLowerInvariant()), local, StringComparison.OrdinalIgnoreCase)
            || string.Equals(whole, local, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsGuess(string text) => text.Length < 3 || Words.Value.Contains(text) || IsWalk(text) || IsRepeated(text);

    private static bool IsWalk(string text) => text.Length >= 4 && Walks.Any(walk =>
        (walk + walk).Contains(text, StringComparison.Ordinal) || (walk + walk).Contains(string.Concat(text.Reverse()), StringComparison.Ordinal));

    // One part over and over, such as 12121212 or passpass; the part is weak by being short or a guess itself.
    private static bool IsRepeated(string text) => Enumerable.Range(1, text.Length / 2).Any(n => text.Length % n == 0
        && text == string.Concat(Enumerable.Repeat(text[..n], text.Length / n)) && (n <= 3 || Words.Value.Contains(text[..n]) || IsWalk(text[..n])));

    // Digits and signs before and after, such as in !summer2026!.
    private static string Undecorate(string text) => text.Trim([.. text.Where(c => !char.IsLetter(c)).Distinct()]);

    private static string Unleet(string text) => string.Concat(text.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        '8' => 'b',
        _ => c,
    }));

    private static HashSet<string> Read()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream(Resource)!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')];
    }
}
