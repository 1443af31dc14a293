using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CallAgent.Server;

/// <summary>
/// Traces, metrics and logs by OpenTelemetry, told by its own variables (<c>OTEL_…</c>) where to. Nothing is collected
/// unless they name a receiver, or Prometheus is let in.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] MeterNames =
        [Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    public static void AddTelemetry(this WebApplicationBuilder builder, OperationSettings settings)
    {
        var exports = ExportsTo(builder.Configuration);
        if (!exports && !settings.ShowsMetrics)
        {
            return;
        }
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, builder.Configuration))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(MeterNames);
                if (settings.ShowsMetrics)
                {
                    metrics.AddPrometheusExporter();
                }
            });
        if (exports)
        {
            telemetry.WithTracing(AddTraces).WithLogging(null, logs => logs.IncludeFormattedMessage = true).UseOtlpExporter();
        }
    }

    private static void AddTraces(TracerProviderBuilder traces) => traces
        .AddSource(Meters.Name, "Npgsql")
        // Probes and scrapes say nothing, many times a minute.
        .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.Request.Path.StartsWithSegments("/health"));

    private static bool ExportsTo(ConfigurationManager configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && new[] { "", "TRACES_", "METRICS_", "LOGS_" }.Any(signal => !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"]));

    private static void Describe(ResourceBuilder resource, ConfigurationManager configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"]))
        {
            resource.AddService("callagent", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
        }
    }
}
