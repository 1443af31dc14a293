using CallAgent.Client;

namespace CallAgent.Server;

internal static class ApiKeysApi
{
    public static void MapApiKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api/api-keys").WithTags("API keys");

        keys.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.ApiKeys.ListAsync(list.Query, c)))
            .Needs(Permission.Manage).Lists(CallAgent.ApiKeys.Parameters).WithName("ListApiKeys").WithSummary("List API keys")
            .WithDescription("Prefix, name and last use; never the key.");

        keys.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.ApiKeys.FindAsync(id, c)))
            .Needs(Permission.Manage).WithName("GetApiKey").WithSummary("Get an API key").WithDescription("Without the key itself.");

        keys.MapPost("/", async (CreateApiKey request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.ApiKeys.CreateAsync(request, c), key => $"/api/api-keys/{key.Id}"))
            .Needs(Permission.Manage).NeedsRecentSignIn().WithName("CreateApiKey").WithSummary("Make an API key")
            .WithDescription("The key is in this answer and nowhere else; it is stored as a hash. It may what its member may, within its scopes.");

        keys.MapPatch("/{id:guid}", async (Guid id, UpdateApiKey request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.ApiKeys.UpdateAsync(id, request, c)))
            .Needs(Permission.Manage).NeedsRecentSignIn().WithName("UpdateApiKey").WithSummary("Change a key's name, scopes, addresses or end")
            .WithDescription("Of your own; that of another member can be revoked (403 `not-your-key`).");

        keys.MapPost("/{id:guid}/rotate", async (Guid id, RotateApiKey? request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.ApiKeys.RotateAsync(id, request ?? new(), c), key => $"/api/api-keys/{key.Id}"))
            .Needs(Permission.Manage).NeedsRecentSignIn().WithName("RotateApiKey").WithSummary("Replace an API key")
            .WithDescription("A key like it, in this answer and nowhere else. The old one serves on for `overlap_seconds`, a day when absent. Only of your own; that of another member can be revoked (403 `not-your-key`).");

        keys.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.ApiKeys.DeleteAsync(id, c)))
            .Needs(Permission.Manage).WithName("DeleteApiKey").WithSummary("Revoke an API key");
    }
}
