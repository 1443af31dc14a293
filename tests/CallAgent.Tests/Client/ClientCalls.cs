using System.Reflection;
using System.Text.Json;
using CallAgent.Client;
using CallAgent.Server;

namespace CallAgent.Tests;

/// <summary>What a method of the client sends.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Body">The JSON, when it sends any.</param>
internal sealed record ClientCall(string Name, string Method, string Path, string? Body)
{
    public override string ToString() => $"{Name} ({Method} {Path})";
}

/// <summary>Calls all methods of a client, and keeps what they would send; nothing is sent.</summary>
internal sealed class ClientCalls
{
    public static readonly Guid Id = Guid.Parse(Examples.Id);

    private readonly Recorder recorder = new();

    public ClientCalls() => Http = new HttpClient(recorder) { BaseAddress = new("http://localhost") };

    public HttpClient Http { get; }

    public List<ClientCall> All { get; } = [];

    public async Task RecordAsync(object client)
    {
        foreach (var method in client.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(Sends))
        {
            recorder.Call = null;
            await Assert.ThrowsAsync<NothingIsSentException>(() => CallAsync(method.Invoke(client, [.. method.GetParameters().Select(ValueOf)])!));
            All.Add(recorder.Call! with { Name = $"{client.GetType().Name}.{method.Name}" });
        }
        foreach (var part in client.GetType().GetProperties().Where(p => p.PropertyType.Name.EndsWith("Client", StringComparison.Ordinal)))
        {
            await RecordAsync(part.GetValue(client)!);
        }
    }

    private static bool Sends(MethodInfo method) => !method.IsSpecialName && (method.ReturnType.IsAssignableTo(typeof(Task)) || IsStream(method.ReturnType));

    private static bool IsStream(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static async Task CallAsync(object answer)
    {
        if (answer is Task task)
        {
            await task;
            return;
        }
        await foreach (var _ in (IAsyncEnumerable<object>)answer)
        {
        }
    }

    private static object? ValueOf(ParameterInfo parameter) => parameter.ParameterType switch
    {
        _ when parameter.HasDefaultValue => parameter.DefaultValue ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null),
        var type when type == typeof(Guid) => Id,
        var type when type == typeof(string) => "introduction",
        var type when type == typeof(Stream) => Stream.Null,
        { IsValueType: true } type => Activator.CreateInstance(type),
        var type => Examples.Of(type).Deserialize(type, CallAgentJson.Strict),
    };

    private sealed class NothingIsSentException : Exception;

    private sealed class Recorder : HttpMessageHandler
    {
        public ClientCall? Call { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null;
            Call = new("", request.Method.Method, request.RequestUri!.AbsolutePath, body);
            throw new NothingIsSentException();
        }
    }
}
