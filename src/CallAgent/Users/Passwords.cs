using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace CallAgent;

/// <summary>
/// Passwords as Argon2id hashes with OWASP's parameters: 19 MiB, two passes, one lane. At most as many are worked out at
/// once as there are cores, and two where there is one, so that a flood of guesses costs waiting and not memory.
/// </summary>
internal sealed class Passwords
{
    private const int SaltLength = 16;
    private const int HashLength = 32;
    private const string Prefix = "$argon2id$v=19$m=19456,t=2,p=1$";

    private static readonly PasswordBasedKeyDerivationAlgorithm Argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(
        new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = 19_456, NumberOfPasses = 2 });

    // What an unknown e-mail is checked against, so that it costs what a known one costs.
    private static readonly string Dummy = Prefix + Convert.ToBase64String(new byte[SaltLength]) + "$" + Convert.ToBase64String(new byte[HashLength]);

    private readonly SemaphoreSlim places = new(Math.Max(2, Environment.ProcessorCount));

    public async Task<string> HashAsync(string password, CancellationToken cancellation)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var hash = await DeriveAsync(password, salt, cancellation);
        return $"{Prefix}{Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <param name="password">The password given.</param>
    /// <param name="stored">The stored hash, or <c>null</c> for an account that does not exist.</param>
    /// <param name="cancellation">Ends the wait for a place.</param>
    public async Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellation)
    {
        var parts = (stored ?? Dummy)[Prefix.Length..].Split('$');
        // What can be nobody's password costs what a wrong one costs.
        var hash = await DeriveAsync(Validation.OfText(password) is null ? password : "", Convert.FromBase64String(parts[0]), cancellation);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[1])) && stored is not null;
    }

    private async Task<byte[]> DeriveAsync(string password, byte[] salt, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Argon2.DeriveBytes(Encoding.UTF8.GetBytes(password.Normalize()), salt, HashLength), CancellationToken.None);
        }
        finally
        {
            places.Release();
        }
    }
}
