using System.Reflection;

namespace CallAgent.Server;

/// <summary>
/// Refuses parameters in the address that a route does not take: who misspells one would get an answer to another question.
/// Lists and exports, which read their filters themselves, refuse those that they do not know.
/// </summary>
internal static class UnknownParameters
{
    public static RouteGroupBuilder WithoutUnknownParameters(this RouteGroupBuilder routes) => routes.AddEndpointFilterFactory((route, next) =>
    {
        var parameters = route.MethodInfo.GetParameters();
        if (parameters.Any(ReadsRequestItself))
        {
            return next;
        }
        var known = parameters.Where(IsValue).Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context => context.HttpContext.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? ValueTask.FromResult<object?>(Problem.Invalid(unknown, "Is no parameter of this request.").ToAnswer())
            : next(context);
    });

    // The others are bodies and services.
    private static bool IsValue(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) || (parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(CancellationToken));

    private static bool ReadsRequestItself(ParameterInfo parameter) =>
        parameter.ParameterType.GetMethod("BindAsync", BindingFlags.Public | BindingFlags.Static) is not null;
}
