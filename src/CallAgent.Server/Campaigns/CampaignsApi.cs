using CallAgent.Client;

namespace CallAgent.Server;

internal static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup("/api/campaigns").WithTags("Campaigns");

        campaigns.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Campaigns.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Campaigns.Parameters)
            .WithName("ListCampaigns").WithSummary("List campaigns");

        campaigns.MapPost("/", async (CreateCampaign request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Campaigns.CreateAsync(request, c), campaign => $"/api/campaigns/{campaign.Id}"))
            .Needs(Permission.Manage).WithName("CreateCampaign").WithSummary("Add a campaign")
            .WithDescription("Without stages it has the first five of the six known ones.");

        campaigns.MapPost("/samples", async (CreateSampleCampaign request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Campaigns.CreateSampleAsync(request.Type, c), campaign => $"/api/campaigns/{campaign.Id}"))
            .Needs(Permission.Manage).WithName("CreateSampleCampaign").WithSummary("Add a sample campaign")
            .WithDescription("Complete: texts for every stage, rules for moving on, fields to collect.");

        campaigns.MapPost("/preview", async (PreviewScript request, Workspace w, CancellationToken c) => Answers.Of(await w.Campaigns.PreviewAsync(request, c)))
            .Needs(Permission.Read).WithName("PreviewScript").WithSummary("Try a script that is being written")
            .WithDescription("Changes nothing. A template that is wrong is no failed request: the answer says what is wrong, and where.");

        campaigns.MapPost("/{id:guid}/duplicate", async (Guid id, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Campaigns.DuplicateAsync(id, c), campaign => $"/api/campaigns/{campaign.Id}"))
            .Needs(Permission.Manage).WithName("DuplicateCampaign").WithSummary("Copy a campaign")
            .WithDescription("The copy is paused, and has no calls.");

        campaigns.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Campaigns.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetCampaign").WithSummary("Get a campaign");

        campaigns.MapPatch("/{id:guid}", async (Guid id, UpdateCampaign request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Campaigns.UpdateAsync(id, request, c)))
            .Needs(Permission.Manage).WithName("UpdateCampaign").WithSummary("Change a campaign")
            .WithDescription("Members left out stay as they are; stages, scripts and fields are replaced as a whole.");

        campaigns.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Campaigns.DeleteAsync(id, c)))
            .Needs(Permission.Manage).WithName("DeleteCampaign").WithSummary("Delete a campaign")
            .WithDescription("Its calls and conversations stay, without a campaign.");

        campaigns.MapGet("/{id:guid}/script", async (Guid id, string stage, Guid? contact_id, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Campaigns.RenderAsync(id, new() { Stage = stage, ContactId = contact_id }, c)))
            .Needs(Permission.Read).WithName("GetScript").WithSummary("What to say in a stage");

        campaigns.MapPost("/{id:guid}/script", async (Guid id, RenderScript request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Campaigns.RenderAsync(id, request, c)))
            .Needs(Permission.Read).WithName("RenderScript").WithSummary("What to say in a stage, with a context")
            .WithDescription("Changes nothing; it is a POST because the context may be large.");

        campaigns.MapGet("/{id:guid}/next-stage", async (Guid id, string stage, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Campaigns.NextStageAsync(id, stage, c)))
            .Needs(Permission.Read).WithName("GetNextStage").WithSummary("The stage after a stage");

        campaigns.MapGet("/{id:guid}/behavior", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Campaigns.BehaviorAsync(id, c)))
            .Needs(Permission.Read).WithName("GetBehavior").WithSummary("Everything a machine needs to run the calls");
    }
}
