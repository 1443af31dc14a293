namespace CallAgent.Server;

/// <summary>
/// Which counts a request is held to: a user's by its plan and, for an API key, also the key's; a stranger's by its address.
/// </summary>
/// <param name="factor">Multiplies all rates; zero turns them off.</param>
internal sealed class RequestQuotas(double factor)
{
    /// <summary>Requests a minute of an address that is not signed in; an office behind one address signs in through it.</summary>
    internal const int OfAddress = 300;

    // A program in a loop must not shut out the people of its account.
    private const double ShareOfKey = 0.75;

    private readonly Dictionary<Client.Plan, (Quota User, Quota Key)> plans = PlanOffer.All.ToDictionary(
        offer => offer.Plan,
        offer => (Quota.Of("user", offer.Limits.RequestsPerMinute * factor), Quota.Of("key", offer.Limits.RequestsPerMinute * ShareOfKey * factor)));

    private readonly Quota address = Quota.Of("address", OfAddress * factor);

    public Bucket[] Of(HttpContext context)
    {
        if (context.Features.Get<Principal>() is not { } principal)
        {
            return [new(new(Networks.OwnerOf(Origins.Address(context)), Guid.Empty, IsAddress: true), address)];
        }
        var (user, key) = plans[principal.Plan];
        var all = new Bucket(new(principal.UserId, Guid.Empty, IsAddress: false), user);
        return principal switch
        {
            { Kind: CredentialKind.ApiKey, CredentialId: { } id } => [new(new(principal.UserId, id, IsAddress: false), key), all],
            // Whoever looks after an account takes nothing of what it may do itself.
            { Kind: CredentialKind.Impersonation, CredentialId: { } id } => [new(new(principal.UserId, id, IsAddress: false), user)],
            _ => [all],
        };
    }
}
