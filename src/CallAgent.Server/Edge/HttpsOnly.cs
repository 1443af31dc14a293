using Microsoft.AspNetCore.Http.Extensions;

namespace CallAgent.Server;

/// <summary>
/// Sends browsers that come without TLS to the address that has it. Programs are refused: sent on silently, they would show
/// their key to the network with every request.
/// </summary>
internal static class HttpsOnly
{
    private static readonly Problem Refused = new(
        "https-required", 403, "Only by HTTPS", "The request came without TLS. If it brought a credential, that was readable on the way: replace it.");

    public static void UseHttpsOnly(this WebApplication app)
    {
        if (app.Services.GetRequiredService<Surroundings>().HttpsOnly is not { } address)
        {
            return;
        }
        var operation = app.Services.GetRequiredService<OperationSettings>();
        app.Use((context, next) =>
        {
            // Probes come from beside the server, and so does who reads metrics at the address that is for them alone.
            if (context.Request.IsHttps || context.Request.Path.StartsWithSegments("/health") || operation.IsForMetrics(context.Connection))
            {
                return next(context);
            }
            if ((HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && !PageRoutes.IsForMachines(context.Request.Path))
            {
                context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
                context.Response.Headers.Location = address.GetLeftPart(UriPartial.Authority) + context.Request.GetEncodedPathAndQuery();
                return Task.CompletedTask;
            }
            return Refused.ToAnswer().ExecuteAsync(context);
        });
    }
}
