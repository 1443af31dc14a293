using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What one turn does to a conversation, at a cost that does not grow with the conversation.</summary>
internal sealed class TurnTaking(Workspace workspace)
{
    // Hours of talk. What is kept is read as a whole.
    private const int MostTurns = 2_000;

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
                ? await RepeatAsync(sent, request.Context, cancellation)
                : Problem.Conflict("turn-id-taken", "Another turn has this client_id", "Other words were sent under this client_id before.");
        }
        var appended = await AppendAsync(id, request, cancellation);
        if (appended.Problem is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        // The next line is the user's own script, which may take its time, and nobody waits for it who writes.
        return await ResultAsync(appended.Value, request.Context, cancellation);
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
        if (conversation.TurnCount > MostTurns)
        {
            return Problem.Conflict("conversation-full", "The conversation is full", $"It has {MostTurns} turns. Go on in another one.");
        }
        // The transcript is part of it, also where a turn changes nothing else.
        workspace.Db.Entry(conversation).Property(c => c.UpdatedAt).IsModified = true;
        var campaign = await CampaignAsync(conversation, cancellation);
        var turn = Add(conversation, request);

        var found = await ExtractAsync(conversation, turn, cancellation);
        Collect(conversation, campaign, found);
        Move(conversation, campaign, turn);
        return await workspace.Db.TrySaveAsync(cancellation) is { } problem ? problem : new Taken(turn, found, conversation, campaign);
    }

    // The answer to a turn that was sent before: what it was, and where the conversation is now.
    private async Task<Client.TurnResult> RepeatAsync(Turn turn, IReadOnlyDictionary<string, JsonElement>? context, CancellationToken cancellation)
    {
        var conversation = await workspace.Db.Conversations.AsNoTracking().FirstAsync(c => c.Id == turn.ConversationId, cancellation);
        return await ResultAsync(new(turn, await ExtractAsync(conversation, turn, cancellation), conversation, await CampaignAsync(conversation, cancellation)), context, cancellation);
    }

    private async Task<Client.TurnResult> ResultAsync(Taken taken, IReadOnlyDictionary<string, JsonElement>? context, CancellationToken cancellation)
    {
        var line = await NextLineAsync(taken.Conversation, taken.Campaign, context, cancellation);
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

    private async Task<Extraction> ExtractAsync(Conversation conversation, Turn turn, CancellationToken cancellation)
    {
        if (turn.Speaker != Client.Speaker.Contact)
        {
            return Extraction.Nothing;
        }
        // Who leaves the country's code away means their own country, most of the time.
        var own = Extraction.MayHaveNumber(turn.Text)
            ? await workspace.Db.Contacts.Where(c => c.Id == conversation.ContactId).Select(c => c.PhoneNumber).FirstOrDefaultAsync(cancellation)
            : null;
        return Extraction.From(turn.Text, Phone.RegionOf(own) is { } region ? [region, workspace.Principal.DefaultRegion] : [workspace.Principal.DefaultRegion]);
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
            ClientId = request.ClientId,
        };
        workspace.Db.Add(turn);
        Lengthen(conversation, turn.Timestamp);
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

    // What was said first may come last, from a recogniser that took its time.
    private static void Lengthen(Conversation conversation, DateTimeOffset said)
    {
        var first = conversation.FirstTurnAt ?? said;
        var (start, end) = (said < first ? said : first, first.AddSeconds(conversation.DurationSeconds));
        conversation.FirstTurnAt = start;
        conversation.DurationSeconds = (int)Math.Clamp(((said > end ? said : end) - start).TotalSeconds, conversation.DurationSeconds, 86_400);
    }

    private static void Collect(Conversation conversation, Campaign? campaign, Extraction found)
    {
        if (found.Fields.Count == 0)
        {
            return;
        }
        var collected = FieldNames.AlsoAs(campaign?.DataCollectionFields ?? [], found.Fields, found.Into(conversation.CollectedData));
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

    private async Task<RenderedText?> NextLineAsync(
        Conversation conversation, Campaign? campaign, IReadOnlyDictionary<string, JsonElement>? context, CancellationToken cancellation)
    {
        if (campaign is null)
        {
            return null;
        }
        // A key that may not read contacts does not read them out of a script either: what is missing is named.
        var contact = workspace.Principal.Scopes is { } scopes && !ApiScopes.Allow(scopes, "contacts:read")
            ? null
            : await workspace.Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == conversation.ContactId, cancellation);
        var model = ScriptModel.For(workspace, campaign, contact, context, conversation.CollectedData);
        return ScriptTemplates.Render(campaign.ScriptFor(conversation.Stage), model, workspace.Now);
    }

    private sealed record Taken(Turn Turn, Extraction Found, Conversation Conversation, Campaign? Campaign);
}
