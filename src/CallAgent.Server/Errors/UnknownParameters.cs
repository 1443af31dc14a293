using System.Reflection;

namespace CallAgent.Server;

/// <summary>
/// Refuses parameters in the address that a route does not take: who misspells one would get an answer to another question.
/// Lists and exports, which read their filters themselves, refuse those that they do not know.
/// </summary>
internal static class UnknownParameters
{
    public const string MoreThanOnce = "Is given more than once.";

    public static RouteGroupBuilder WithoutUnknownParameters(this RouteGroupBuilder routes) => routes.AddEndpointFilterFactory((route, next) =>
    {
        var parameters = route.MethodInfo.GetParameters();
        if (parameters.Any(ReadsRequestItself))
        {
            return next;
        }
        var known = parameters.Where(IsValue).Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context => Check(context.HttpContext.Request.Query, known) is { } problem ? ValueTask.FromResult<object?>(problem.ToAnswer()) : next(context);
    });

    private static Problem? Check(IQueryCollection query, HashSet<string> known) =>
        query.FirstOrDefault(p => !known.Contains(p.Key) || p.Value.Count > 1) is not { Key: { } name } wrong ? null
        : Problem.Invalid(name, wrong.Value.Count > 1 && known.Contains(name) ? MoreThanOnce : "Is no parameter of this request.");

    // The others are bodies and services.
    private static bool IsValue(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) || (parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(CancellationToken));

    private static bool ReadsRequestItself(ParameterInfo parameter) =>
        parameter.ParameterType.GetMethod("BindAsync", BindingFlags.Public | BindingFlags.Static) is not null;
}
