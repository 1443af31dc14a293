using System.CommandLine;
using System.Text.Json;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>Certificates of erasure.</summary>
internal static class ErasureCommand
{
    public static Command Create() => new("erasure", "Certificates of erased users.") { Verify() };

    private static Command Verify()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "the certificate, as the erasure answered it" };
        var command = new Command("verify", "Whether a certificate is from this installation, as it was.") { file };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            if (await ReadAsync(path, cancellation) is not { } certificate)
            {
                return Run.Fail($"{path.Name} is not a certificate of erasure.");
            }
            if (!Installation.IsOwn(settings, certificate))
            {
                return Run.Fail($"{path.Name} is not from this installation, or was changed: its signature does not fit. (SECRET_KEY must be that of the erasure.)");
            }
            Run.Out.WriteLine($"Genuine: user {certificate.UserId} was erased at {certificate.ErasedAt:u}, with {certificate.Rows.Values.Sum()} rows in {certificate.Rows.Count(r => r.Value > 0)} tables.");
            return Run.Success;
        });
        return command;
    }

    private static async Task<ErasureCertificate?> ReadAsync(FileInfo path, CancellationToken cancellation)
    {
        try
        {
            await using var file = path.OpenRead();
            return await JsonSerializer.DeserializeAsync<ErasureCertificate>(file, CallAgentJson.Strict, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path.Name} cannot be read: {e.Message}");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
