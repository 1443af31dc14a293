namespace CallAgent.Tests;

public class SampleCampaignsTests
{
    public static readonly TheoryData<Client.SampleType> Types = [.. Enum.GetValues<Client.SampleType>()];

    [Theory, MemberData(nameof(Types))]
    public void A_sample_has_a_script_for_every_stage_and_a_rule_for_all_but_the_last(Client.SampleType type)
    {
        var sample = SampleCampaigns.For(type);
        Assert.InRange(sample.Stages!.Count, 5, 6);
        Assert.All(sample.Stages, s => Assert.True(Stages.IsSlug(s)));
        Assert.Equal(sample.Stages.Order(), sample.ScriptTemplate!.Keys.Order());
        Assert.All(sample.Stages.SkipLast(1), s => Assert.NotEmpty(sample.ScriptTemplate[s].TransitionRules!.Keywords));
        Assert.Null(sample.ScriptTemplate[sample.Stages[^1]].TransitionRules);
        Assert.NotEmpty(sample.DataCollectionFields!);
        Assert.NotEmpty(sample.Description!);
    }

    [Theory, MemberData(nameof(Types))]
    public void A_sample_keeps_to_the_limits_of_a_campaign(Client.SampleType type)
    {
        var sample = SampleCampaigns.For(type);
        Assert.InRange(sample.Name.Length, 1, 200);
        Assert.All(sample.ScriptTemplate!.Values, s =>
        {
            Assert.InRange(s.Script.Length, 200, 20_000);
            Assert.InRange(s.TransitionRules?.Keywords.Count ?? 0, 0, 100);
            Assert.Equal(s.TransitionRules?.Keywords.Count, s.TransitionRules?.Keywords.Distinct().Count());
        });
    }

    [Theory, MemberData(nameof(Types))]
    public void A_sample_is_filled_in_for_a_contact_of_whom_all_is_known(Client.SampleType type) =>
        AssertReads(type, new()
        {
            ["contact"] = Fields(("first_name", "Grace"), ("last_name", "Hopper"), ("company", "Navy"), ("email", "grace@navy.example")),
            ["user"] = Fields(("company_name", "Acme Ltd")),
            ["agent"] = Fields(("name", "Ada")),
            ["campaign"] = Fields(("name", "Spring offer")),
            ["collected"] = Fields(
                ("biggest_challenge", "closing the month by hand"), ("current_solution", "a spreadsheet"), ("budget", "2,000 a month"),
                ("decision_date", "the end of June"), ("product", "the mail app"), ("problem", "it closes when you open a picture"),
                ("started_on", "Monday"), ("people_affected", "4"), ("solved", "yes"), ("best_time_to_call", "nine o'clock"),
                ("rating", "Eight")),
            ["context"] = Fields(
                ("reason", "the month end takes a week"), ("offer", "The books close themselves overnight."), ("ticket", "A-17"),
                ("problem", "the mail app"), ("fix", "Please install the update that is waiting."), ("workaround", "use the web mail"),
                ("last_contact", "on the third of May"))
        });

    [Theory, MemberData(nameof(Types))]
    public void A_sample_has_no_holes_for_a_contact_of_whom_nothing_is_known(Client.SampleType type) =>
        AssertReads(type, new()
        {
            ["contact"] = Fields(("first_name", ""), ("company", null), ("email", "  ")),
            ["user"] = Fields(("company_name", "Acme Ltd")),
            ["agent"] = Fields(("name", "Ada"))
        });

    [Theory, MemberData(nameof(Types))]
    public void A_sample_has_no_holes_when_nothing_at_all_is_known(Client.SampleType type) => AssertReads(type, []);

    private static void AssertReads(Client.SampleType type, Dictionary<string, object?> model)
    {
        foreach (var (stage, script) in SampleCampaigns.For(type).ScriptTemplate!)
        {
            Assert.Null(ScriptTemplates.Error(script.Script));
            var rendered = ScriptTemplates.Render(script.Script, model, DateTimeOffset.UnixEpoch);
            TestContext.Current.TestOutputHelper?.WriteLine($"[{stage}]\n{rendered.Text}\n");
            Assert.Null(rendered.Problem);
            Assert.Empty(rendered.Missing);
            Assert.DoesNotMatch(@" [,.:;?!]|[,:;][,.:;?!]|\.\.|  |\n\n\n|\{|\}|%|^\s|\s$| \n|\n ", rendered.Text);
            Assert.Matches(@"^[A-Z][^\n]+[.?!](\n\n[A-Z][^\n]+[.?!])*$", rendered.Text);
        }
    }

    private static Dictionary<string, object?> Fields(params (string Name, object? Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => f.Value);
}
