using System.CommandLine;

namespace CallAgent.Cli;

internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Two companies with data; shows what each sees, and that neither reaches the other. Safe to run again.");
        command.Runs(async (_, settings, cancellation) =>
        {
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            await using var acme = await DemoCompany.OpenAsync(host, DemoData.Acme, cancellation);
            await using var globex = await DemoCompany.OpenAsync(host, DemoData.Globex, cancellation);

            await DemoViews.ShowAsync(acme, cancellation);
            await DemoViews.ShowAsync(globex, cancellation);
            var held = await DemoAttack.ShowAsync(acme, globex, cancellation);
            await DemoViews.ShowUsageAsync([acme, globex], cancellation);
            DemoViews.ShowNextSteps();
            return held ? Run.Success : Run.Fail("One company reached the other's data.");
        });
        return command;
    }
}
