using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The list of conversations, and the reader of one.</summary>
internal static class ConversationPages
{
    /// <summary>Turns that the reader shows at once.</summary>
    public const int Turns = 200;

    public static void MapConversationPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/conversations", ListAsync).Needs(Permission.Read).WithMetadata(CallAgent.Conversations.Parameters);
        pages.MapGet("/conversations/{id:guid}", ReadAsync).Needs(Permission.Read);
    }

    private static async Task<IResult> ListAsync(PageList list, Workspace w, CancellationToken cancellation)
    {
        var page = await w.Conversations.ListAsync(list.Query, cancellation);
        if (page.Problem is { } problem)
        {
            return PageRoutes.ShowProblem(problem);
        }
        var contacts = await w.Contacts.ManyAsync(page.Value.Data.Select(c => c.ContactId), cancellation);
        var campaigns = await w.Campaigns.NamesAsync(cancellation);
        return PageRoutes.Show<ConversationList>(new { Page = page.Value, list.Query, Contacts = contacts, Campaigns = campaigns });
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, Workspace w, CancellationToken cancellation)
    {
        if (await w.Conversations.FindWithoutTranscriptAsync(id, cancellation) is not { } conversation)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var address = new PageForm(context.Request.Query.Select(q => KeyValuePair.Create(q.Key, q.Value.LastOrDefault())));
        var search = address.Text("q") is { Length: <= 200 } text ? text : null;
        var hits = search is null ? [] : await w.Transcripts.FindAsync(id, search, cancellation: cancellation);
        if (hits.Count > 0 && address.Number("hit") is null)
        {
            return PageRoutes.Go($"/conversations/{id}?q={Uri.EscapeDataString(search!)}&hit=1#turn-{hits[0]}");
        }
        var hit = hits.Count == 0 ? 0 : Math.Clamp(address.Number("hit") ?? 1, 1, hits.Count);
        // The piece that holds the hit, or what the address asks for.
        var from = hit > 0 ? (hits[hit - 1] - 1) / Turns * Turns : Math.Clamp(address.Number("from") ?? 1, 1, Math.Max(1, conversation.TurnCount)) - 1;
        var turns = await w.Transcripts.ListAsync(id, new() { Limit = Turns, Filters = new Dictionary<string, string> { ["after"] = $"{from}" } }, cancellation);
        if (turns.Problem is { } problem)
        {
            return PageRoutes.ShowProblem(problem);
        }
        return PageRoutes.Show<ConversationReader>(new
        {
            Reading = new Reading(
                conversation,
                (await w.Contacts.FindAsync(conversation.ContactId, cancellation))!,
                conversation.CallId is { } callId ? await w.Calls.FindAsync(callId, cancellation) : null,
                conversation.CampaignId is { } campaignId ? await w.Campaigns.FindAsync(campaignId, cancellation) : null,
                turns.Value.Data, from, search, hits, hit, await w.Transcripts.MoodAsync(id, cancellation)),
        });
    }
}

/// <summary>A piece of a conversation, and what is around it.</summary>
/// <param name="Conversation">Without its transcript.</param>
/// <param name="Contact">Whose it is.</param>
/// <param name="Call">In which it took place.</param>
/// <param name="Campaign">By whose script.</param>
/// <param name="Turns">The piece.</param>
/// <param name="After">The position before the piece.</param>
/// <param name="Search">What is looked for.</param>
/// <param name="Hits">Positions of the turns that contain it.</param>
/// <param name="Hit">Which of them is shown, from 1; 0 without any.</param>
/// <param name="Mood">The contact's sentiment by position.</param>
public sealed record Reading(
    Conversation Conversation, Contact Contact, Call? Call, Campaign? Campaign, IReadOnlyList<Turn> Turns, int After,
    string? Search, IReadOnlyList<int> Hits, int Hit, IReadOnlyList<(int Position, double Score)> Mood);
