using CallAgent.Client;
using CsCheck;

namespace CallAgent.Tests;

/// <summary>Whatever rules a campaign has and whatever is said: a conversation goes by its stages as a plain model of them says.</summary>
public sealed class StageWalkTests(TestServer server)
{
    private static readonly string[] Words = ["alpha", "beta", "gamma"];
    private static readonly string[] Stages = ["introduction", "needs_assessment", "closing"];

    private static readonly Gen<TransitionRules> Rules = Gen.Select(
        Gen.OneOfConst(Words).Array[0, 2], Gen.Int[-5, 5].Nullable(), Gen.Int[0, 3].Nullable(),
        (keywords, sentiment, turns) => new TransitionRules { Keywords = [.. keywords.Distinct()], SentimentThreshold = sentiment / 10.0, MinTurns = turns });

    private static readonly Gen<AppendTurn> Turn = Gen.Select(
        Gen.Enum<Speaker>(), Gen.OneOfConst([.. Words, "delta"]).Array[1, 2], Gen.Int[-5, 5].Nullable(),
        (speaker, words, sentiment) => new AppendTurn { Speaker = speaker, Text = string.Join(' ', words), SentimentScore = sentiment / 10.0 });

    [Fact]
    public async Task A_conversation_goes_by_its_stages_as_its_rules_say()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var contact = await user.NewContactAsync();
        await Gen.Select(Rules.Array[Stages.Length], Turn.Array[1, 12]).SampleAsync(async (rules, turns) =>
        {
            var campaign = await user.Api.Campaigns.CreateAsync(new()
            {
                Name = "Walk",
                Stages = Stages,
                ScriptTemplate = Stages.Zip(rules).ToDictionary(s => s.First, s => new StageScript { Script = s.First, TransitionRules = s.Second }),
            });
            var conversation = await user.Api.Conversations.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id });
            var model = (Stage: 0, Turns: 0);
            foreach (var turn in turns)
            {
                var answer = await user.Api.Conversations.AppendTurnAsync(conversation.Id, turn);
                var from = model.Stage;
                model = After(model, turn, rules);

                Assert.Equal((Stages[from], Stages[model.Stage], Stages[model.Stage]), (answer.Turn.Stage, answer.Stage, answer.Script));
                Assert.Equal(model.Stage != from, answer.Transition is not null);
            }
            Assert.Equal(Stages[model.Stage], (await user.Api.Conversations.GetAsync(conversation.Id)).Stage);
        }, iter: 20, threads: 2);
    }

    private static (int Stage, int Turns) After((int Stage, int Turns) at, AppendTurn turn, TransitionRules[] rules)
    {
        if (turn.Speaker == Speaker.Agent)
        {
            return at;
        }
        var (rule, turns) = (rules[at.Stage], at.Turns + 1);
        var isHeard = rule.Keywords.Any(turn.Text.Split(' ').Contains);
        var isGlad = rule.SentimentThreshold is { } threshold && turn.SentimentScore >= threshold;
        var isLongEnough = turns >= (rule.MinTurns ?? 0);
        var isTimeAlone = rule is { MinTurns: > 0, SentimentThreshold: null, Keywords.Count: 0 };
        return at.Stage < rules.Length - 1 && isLongEnough && (isHeard || isGlad || isTimeAlone) ? (at.Stage + 1, 0) : (at.Stage, turns);
    }
}
