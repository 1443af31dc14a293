using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What one turn does to a conversation, at a cost that does not grow with the conversation.</summary>
internal sealed class TurnTaking(Workspace workspace)
{
    // By how much the clocks of callers may be ahead.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public async Task<Result<Client.TurnResult>> TakeAsync(Guid id, Client.AppendTurn request, CancellationToken cancellation)
    {
        await using var transaction = await workspace.Db.BeginWriteAsync(cancellation);
        // Taking the next position locks the row: turns sent at once are appended one after the other.
        var taken = await workspace.Db.Conversations.Where(c => c.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.TurnCount, c => c.TurnCount + 1), cancellation);
        if (taken == 0)
        {
            return Problem.NotFound;
        }
        if (request.ClientId is not null && await SentBeforeAsync(id, request.ClientId, cancellation) is { } sent)
        {
            await transaction.RollbackAsync(cancellation);
            return sent.Speaker == request.Speaker && sent.Text == request.Text
                ? await RepeatAsync(sent, cancellation)
                : Problem.Conflict("turn-id-taken", "Another turn has this client_id", "Other words were sent under this client_id before.");
        }
        var appended = await AppendAsync(id, request, cancellation);
        if (appended.Problem is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        // The next line is the user's own script, which may take its time, and nobody waits for it who writes.
        return await ResultAsync(appended.Value, cancellation);
    }

    private Task<Turn?> SentBeforeAsync(Guid id, string clientId, CancellationToken cancellation) =>
        workspace.Db.Turns.AsNoTracking().FirstOrDefaultAsync(t => t.ConversationId == id && t.ClientId == clientId, cancellation);

    private async Task<Result<Taken>> AppendAsync(Guid id, Client.AppendTurn request, CancellationToken cancellation)
    {
        if (request.Timestamp > workspace.Now + Skew)
        {
            return Problem.Invalid("timestamp", "Is in the future.");
        }
        var conversation = await workspace.Db.Conversations.FirstAsync(c => c.Id == id, cancellation);
        if (workspace.Check(conversation.Version) is { } stale)
        {
            return stale;
        }
        // The transcript is part of it, also where a turn changes nothing else.
        workspace.Db.Entry(conversation).Property(c => c.UpdatedAt).IsModified = true;
        var campaign = await CampaignAsync(conversation, cancellation);
        var turn = Add(conversation, request);

        var found = Extract(turn);
        Collect(conversation, found);
        Move(conversation, campaign, turn);
        return await workspace.Db.TrySaveAsync(cancellation) is { } problem ? problem : new Taken(turn, found, conversation, campaign);
    }

    // The answer to a turn that was sent before: what it was, and where the conversation is now.
    private async Task<Client.TurnResult> RepeatAsync(Turn turn, CancellationToken cancellation)
    {
        var conversation = await workspace.Db.Conversations.AsNoTracking().FirstAsync(c => c.Id == turn.ConversationId, cancellation);
        return await ResultAsync(new(turn, Extract(turn), conversation, await CampaignAsync(conversation, cancellation)), cancellation);
    }

    private async Task<Client.TurnResult> ResultAsync(Taken taken, CancellationToken cancellation)
    {
        var line = await NextLineAsync(taken.Conversation, taken.Campaign, cancellation);
        return new()
        {
            Turn = taken.Turn.ToRecord(),
            Extracted = taken.Found.Fields,
            Transition = taken.Turn.Transition,
            Stage = taken.Conversation.Stage,
            // Half a line is nothing to say.
            Script = line is { Problem: null } ? line.Text : "",
            Missing = line?.Missing ?? [],
            ScriptProblem = line?.Problem,
        };
    }

    private async Task<Campaign?> CampaignAsync(Conversation conversation, CancellationToken cancellation) =>
        conversation.CampaignId is { } id ? await workspace.Campaigns.RowAsync(id, cancellation) : null;

    private Extraction Extract(Turn turn) => turn.Speaker == Client.Speaker.Contact
        ? Extraction.From(turn.Text, workspace.Principal.DefaultRegion)
        : Extraction.Nothing;

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
            ClientId = request.ClientId,
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

    private static void Collect(Conversation conversation, Extraction found)
    {
        if (found.Fields.Count == 0)
        {
            return;
        }
        var collected = found.Into(conversation.CollectedData);
        if (Json.CheckBounds("collected_data", collected) is null)
        {
            conversation.CollectedData = collected;
        }
    }

    private void Move(Conversation conversation, Campaign? campaign, Turn turn)
    {
        if (campaign is not null && WhereTo(conversation, campaign, turn) is var (next, reason))
        {
            (turn.NextStage, turn.NextReason) = (next, reason);
            workspace.Conversations.EnterStage(conversation, next, reason);
        }
    }

    private static (string Stage, string Reason)? WhereTo(Conversation conversation, Campaign campaign, Turn turn)
    {
        if (!campaign.Stages.Contains(conversation.Stage))
        {
            return (campaign.Stages[0], "its stage is no longer one of the campaign's");
        }
        var rules = campaign.ScriptTemplate.GetValueOrDefault(conversation.Stage)?.TransitionRules;
        return turn.Speaker == Client.Speaker.Contact && Stages.Next(campaign.Stages, conversation.Stage) is { } next
            && Transitions.Reason(rules, turn.Text, turn.SentimentScore, conversation.ContactTurnsInStage) is { } reason
                ? (next, reason)
                : null;
    }

    private async Task<RenderedText?> NextLineAsync(Conversation conversation, Campaign? campaign, CancellationToken cancellation)
    {
        if (campaign is null)
        {
            return null;
        }
        var contact = await workspace.Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == conversation.ContactId, cancellation);
        var model = ScriptModel.For(workspace, campaign, contact, null, conversation.CollectedData);
        return ScriptTemplates.Render(campaign.ScriptFor(conversation.Stage), model, workspace.Now);
    }

    private sealed record Taken(Turn Turn, Extraction Found, Conversation Conversation, Campaign? Campaign);
}
