using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>Describes parameters, gives bodies an example, and says what a route needs.</summary>
internal static class OperationInputs
{
    private static readonly Dictionary<string, (string Description, string Example)> Known = new()
    {
        ["id"] = ("The record's id.", Examples.Id),
        ["tag"] = ("The tag; trimmed, lower-cased, spaces become -.", "vip"),
        ["stage"] = ("One of the campaign's stages.", "introduction"),
        ["contact_id"] = ("A contact of yours.", Examples.Id),
        ["campaign_id"] = ("A campaign of yours.", Examples.Id),
        ["call_id"] = ("A call of yours.", Examples.Id),
        ["memberId"] = ("The member's id.", Examples.Id),
        ["status"] = ("Only rows with this status.", ""),
        ["phone_number"] = ("Only rows with exactly this number, in E.164; contacts also without the country's code.", "+14155550132"),
        ["email"] = ("Only rows with exactly this address; for contacts in any case.", "grace@navy.example"),
        ["role"] = ("Only members with this role.", "agent"),
        ["company"] = ("Only contacts of exactly this company, in any case.", "Navy"),
        ["phone_valid"] = ("Only contacts whose number is (true) or is not (false) in its country's plan.", "false"),
        ["name"] = ("Only rows with exactly this name.", "Spring offer"),
        ["is_active"] = ("Only campaigns that are (true) or are not (false) active.", "true"),
        ["state"] = ("Only imports in this state.", "completed"),
        ["after"] = ("Only turns after this position.", "2"),
        ["outcome"] = ("Only rows that did this.", "failed"),
        ["undo"] = ("Only rows that undoing took back (undone) or left (kept).", "kept"),
        ["filename"] = ("What to call the file.", "fair.csv"),
        ["encoding"] = ("utf-8, utf-16le, utf-16be or windows-1252; detected when absent.", "windows-1252"),
        ["created_after"] = ("Only rows made at or after this time.", "2026-01-31T00:00:00Z"),
        ["created_before"] = ("Only rows made before this time.", "2026-12-31T00:00:00Z"),
        ["updated_after"] = ("Only rows changed at or after this time; together with sort=updated_at or -updated_at.", "2026-01-31T00:00:00Z"),
        ["due"] = ("Only scheduled calls whose time has passed, or has not come yet.", "overdue"),
        ["kind"] = ("Only entries of this kind.", "write"),
        ["action"] = ("Only entries of this action.", "contact.update"),
        ["resource"] = ("Only entries about this kind of thing.", "contact"),
        ["resource_id"] = ("Only entries about the record with this id.", Examples.Id),
        ["actor"] = ("Only what this kind of actor did.", "member"),
        ["actor_id"] = ("Only what the member or key with this id did.", Examples.Id),
        ["from"] = ("Only entries at or after this time.", "2026-01-31T00:00:00Z"),
        ["to"] = ("Only entries before this time.", "2026-12-31T00:00:00Z"),
        ["scheduled_after"] = ("Only calls scheduled at or after this time.", "2026-01-31T00:00:00Z"),
        ["scheduled_before"] = ("Only calls scheduled before this time.", "2026-12-31T00:00:00Z"),
    };

    public static Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            Describe(parameter, parameter.Name!);
        }
        if (metadata.OfType<ListParameters>().FirstOrDefault() is { } list)
        {
            AddListParameters(operation, list);
        }
        AddConditions(operation, context);
        if (metadata.OfType<TakesFile>().Any())
        {
            operation.RequestBody = FileBody();
        }
        var body = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Source.Id == "Body");
        if (body is not null && operation.RequestBody?.Content?.TryGetValue("application/json", out var media) == true)
        {
            media.Example = Examples.Of(body.Type);
        }
        if (context.Description.HttpMethod == "POST" && metadata.OfType<NeedsPermission>().Any())
        {
            AddIdempotencyKey(operation);
        }
        if (metadata.OfType<NeedsPermission>().FirstOrDefault() is { } needs)
        {
            operation.Description = $"{operation.Description}\n\nNeeds the permission `{needs.Permission.ToString().ToLowerInvariant()}`.".TrimStart();
            operation.Security = [.. new[] { "cookie", "bearer", "api_key" }.Select(scheme =>
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
        }
        if (metadata.OfType<OperatorRoute>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("operator", context.Document)] = [] }];
        }
        return Task.CompletedTask;
    }

    private static void AddIdempotencyKey(OpenApiOperation operation) => (operation.Parameters ??= []).Add(new OpenApiParameter
    {
        Name = IdempotencyKeys.Header,
        In = ParameterLocation.Header,
        Description = "Sent again with the same key within 24 hours, the request is not carried out again: the answer is the first one's.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Idempotency.LongestKey },
        Example = "8e03978e-40d5-43dd-bc93-6894a57f9324",
    });

    private static void AddConditions(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (OperationConditions.HeaderOf(operation, context) is not { } header)
        {
            return;
        }
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = header,
            In = ParameterLocation.Header,
            Description = header == HeaderNames.IfMatch
                ? "Make the change only to the record with this ETag (its version in quotes); 412 when it has another."
                : "The ETag of an earlier answer: 304 without a body when there is nothing new.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create("\"3\""),
        });
    }

    private static OpenApiRequestBody FileBody()
    {
        var file = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        var form = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            },
        };
        return new()
        {
            Required = true,
            Content = TakesFile.Types.Select(type => (type, file)).Append((TakesFile.Form, form)).ToDictionary(c => c.Item1, c => c.Item2),
        };
    }

    private static void AddListParameters(OpenApiOperation operation, ListParameters list)
    {
        operation.Parameters ??= [];
        if (list.IsExport)
        {
            Add("format", "The form of the file; csv when absent.", "csv", new() { Type = JsonSchemaType.String, Enum = ["csv", "jsonl"] });
        }
        else
        {
            Add("limit", "Rows in a page, 1 to 200; 50 when absent.", "50", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "200" });
            Add("cursor", "The next_cursor of the page before. It serves only the user and the query it was made for.", null);
        }
        var sorts = list.Sorts.SelectMany(s => new[] { s, "-" + s }).ToArray();
        Add("sort", "The order; a leading - turns it round.", list.DefaultSort,
            new() { Type = JsonSchemaType.String, Enum = [.. sorts.Select(s => (JsonNode)s)] });
        if (list.CanSearch)
        {
            Add("q", "Search: every word must begin a word of the row.", "grace");
        }
        foreach (var filter in list.Filters)
        {
            var values = list.Choices.GetValueOrDefault(filter);
            var parameter = Add(filter, "", null, values is null ? null : new() { Type = JsonSchemaType.String, Enum = [.. values.Select(v => (JsonNode)v)] });
            Describe(parameter, filter);
        }

        OpenApiParameter Add(string name, string description, string? example, OpenApiSchema? schema = null)
        {
            var parameter = new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = description,
                Schema = schema ?? new() { Type = JsonSchemaType.String },
                Example = example is null ? null : name == "limit" ? JsonValue.Create(50) : JsonValue.Create(example),
            };
            operation.Parameters.Add(parameter);
            return parameter;
        }
    }

    private static void Describe(OpenApiParameter parameter, string name)
    {
        if (Known.TryGetValue(name, out var known))
        {
            (parameter.Description, parameter.Example) = (known.Description, known.Example.Length == 0 ? null : known.Example);
        }
    }
}
