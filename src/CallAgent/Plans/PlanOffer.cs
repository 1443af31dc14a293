namespace CallAgent;

/// <summary>What a plan gives, for somebody who compares plans.</summary>
public sealed record PlanOffer(Client.Plan Plan, Client.UsageLimits Limits, IReadOnlyList<string> Features)
{
    /// <summary>Every plan, the smallest first.</summary>
    public static IReadOnlyList<PlanOffer> All { get; } =
        [.. Enum.GetValues<Client.Plan>().Select(plan => new PlanOffer(plan, PlanLimits.Of(plan).ToRecord(), PlanLimits.Of(plan).Features))];
}
