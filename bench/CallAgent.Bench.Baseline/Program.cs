using System.Text.Json;
using CallAgent.Bench.Baseline;
using Npgsql;

// No sign-in, no checks, no search, no history: the user is whoever the header says.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(o =>
{
    o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    o.SerializerOptions.TypeInfoResolverChain.Insert(0, BaselineJson.Default);
});
var app = builder.Build();

await using var source = NpgsqlDataSource.Create(
    Environment.GetEnvironmentVariable("BASELINE_CONNECTION") ?? throw new InvalidOperationException("BASELINE_CONNECTION is not set."));
var contacts = new Contacts(source);

app.MapGet("/health/ready", () => TypedResults.Ok());
app.MapGet("/contacts", async (HttpContext http, Guid? after) =>
    TypedResults.Ok(await contacts.PageAsync(UserOf(http), after ?? Guid.AllBitsSet)));
app.MapGet("/contacts/{id:guid}", async (HttpContext http, Guid id) =>
    await contacts.FindAsync(UserOf(http), id) is { } contact ? Results.Ok(contact) : Results.NotFound());
app.MapPost("/contacts", async (HttpContext http, NewContact contact) =>
    await contacts.CreateAsync(UserOf(http), contact) is { } made ? TypedResults.Created($"/contacts/{made.Id}", made) : null!);

await app.RunAsync();

static Guid UserOf(HttpContext http) => Guid.Parse(http.Request.Headers["X-User-Id"].ToString());
