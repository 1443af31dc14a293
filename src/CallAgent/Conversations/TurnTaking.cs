using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What one turn does to a conversation. Runs inside a transaction that holds the conversation's row.</summary>
internal sealed class TurnTaking(Workspace workspace)
{
    public async Task<Result<Client.TurnResult>> AppendAsync(Guid id, Client.AppendTurn request, CancellationToken cancellation)
    {
        var conversation = await workspace.Db.Conversations.FirstAsync(c => c.Id == id, cancellation);
        var campaign = conversation.CampaignId is { } campaignId ? await workspace.Campaigns.RowAsync(campaignId, cancellation) : null;
        var turn = Add(conversation, request);

        var extracted = request.Speaker == Client.Speaker.Contact
            ? Extraction.From(request.Text, workspace.Principal.DefaultRegion)
            : new Dictionary<string, string>();
        Collect(conversation, extracted);
        var transition = request.Speaker == Client.Speaker.Contact ? Move(conversation, campaign, request) : null;

        if (await workspace.Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        return new Client.TurnResult
        {
            Turn = turn.ToRecord(),
            Extracted = extracted,
            Transition = transition,
            Stage = conversation.Stage,
            Script = await NextLineAsync(conversation, campaign, cancellation),
        };
    }

    private Turn Add(Conversation conversation, Client.AppendTurn request)
    {
        var turn = new Turn
        {
            ConversationId = conversation.Id,
            Position = conversation.TurnCount,
            Speaker = request.Speaker,
            Text = request.Text,
            Timestamp = request.Timestamp ?? workspace.Now,
            Stage = conversation.Stage,
            SentimentScore = request.SentimentScore,
            Actor = workspace.Principal.ActorName,
            ActorId = workspace.Principal.ActorId,
        };
        workspace.Db.Add(turn);
        conversation.FirstTurnAt ??= turn.Timestamp;
        conversation.DurationSeconds = Math.Clamp((int)(turn.Timestamp - conversation.FirstTurnAt.Value).TotalSeconds, conversation.DurationSeconds, 86_400);
        if (request.Speaker == Client.Speaker.Contact)
        {
            conversation.ContactTurns++;
            conversation.ContactTurnsInStage++;
            if (request.SentimentScore is { } sentiment)
            {
                conversation.SentimentSum += sentiment;
                conversation.SentimentTurns++;
            }
        }
        return turn;
    }

    private static void Collect(Conversation conversation, IReadOnlyDictionary<string, string> extracted)
    {
        if (extracted.Count == 0)
        {
            return;
        }
        var collected = conversation.CollectedData.ToDictionary(f => f.Key, f => f.Value);
        foreach (var (field, value) in extracted)
        {
            collected[field] = JsonSerializer.SerializeToElement(value);
        }
        if (Json.CheckBounds("collected_data", collected) is null)
        {
            conversation.CollectedData = collected;
        }
    }

    private Client.StageTransition? Move(Conversation conversation, Campaign? campaign, Client.AppendTurn request)
    {
        if (campaign is null || Stages.Next(campaign.Stages, conversation.Stage) is not { } next)
        {
            return null;
        }
        var rules = campaign.ScriptTemplate.GetValueOrDefault(conversation.Stage)?.TransitionRules;
        if (Transitions.Reason(rules, request.Text, request.SentimentScore, conversation.ContactTurnsInStage) is not { } reason)
        {
            return null;
        }
        var from = conversation.Stage;
        workspace.Conversations.EnterStage(conversation, next, reason);
        return new() { From = from, To = next, Reason = reason };
    }

    private async Task<string> NextLineAsync(Conversation conversation, Campaign? campaign, CancellationToken cancellation)
    {
        if (campaign is null)
        {
            return "";
        }
        var contact = await workspace.Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == conversation.ContactId, cancellation);
        var model = ScriptModel.For(workspace, campaign, contact, null, conversation.CollectedData);
        return ScriptTemplates.Render(campaign.ScriptFor(conversation.Stage), model).Text;
    }
}
