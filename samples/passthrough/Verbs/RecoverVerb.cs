using System.CommandLine;
using System.Globalization;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough recover</c>: undoes unfinished plans after a crash.</summary>
internal static class RecoverVerb
{
    public static Command Create()
    {
        var boot = new Option<bool>("--boot") { Description = "For a service at boot: wait up to two minutes for libvirt, if a plan needs it" };
        var json = SharedOptions.Json();
        var command = new Command("recover", "Undo unfinished plans after a crash") { boot, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
        {
            var waits = parsed.GetValue(boot);
            var recovered = await PassthroughHost.Local()
                .RecoverAsync(uri => waits ? OpenInTime(uri, cancellationToken) : LibvirtConnection.Open(uri), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                JsonOut.Write(writer => RecoverJson.Write(writer, recovered));
            }
            else
            {
                foreach (var plan in recovered)
                {
                    Write(plan);
                }
            }

            var left = recovered.Count(plan => !plan.IsComplete);
            return left == 0
                ? ExitCode.Yes
                : throw new PassthroughException(
                    $"{left} of {recovered.Count} unfinished plans are not completely undone ({string.Join(", ", recovered.Where(plan => !plan.IsComplete).Select(plan => plan.Domains.IsEmpty ? plan.JournalFile : string.Join(" and ", plan.Domains)))}); "
                    + "fix the reasons above, then run passthrough recover again");
        }));
        return command;
    }

    // At boot, libvirt's daemon may start at the same time.
    private static LibvirtConnection OpenInTime(string uri, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return LibvirtConnection.Open(uri);
            }
            catch (LibvirtException) when (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static void Write(PlanRecovery plan)
    {
        var name = plan.StartedAt is null ? plan.JournalFile
            : plan.Kind is PlanKind.Boot or PlanKind.RevertBoot ? string.Create(CultureInfo.InvariantCulture, $"boot configuration (begun {plan.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)")
            : plan.Kind is not (PlanKind.VirtualFunctions or PlanKind.Assign or PlanKind.Release or PlanKind.Combined) ? string.Create(CultureInfo.InvariantCulture, $"{plan.Kind}{(plan.Devices.IsEmpty ? "" : $" of {string.Join(", ", plan.Devices)}")} (begun {plan.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)")
            : plan.Domains.IsEmpty ? string.Create(CultureInfo.InvariantCulture, $"virtual functions of {plan.Devices[0]} (begun {plan.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)")
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", plan.Devices)} for {string.Join(" and ", plan.Domains)} (begun {plan.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)");
        Console.WriteLine($"{name}: {(plan.IsComplete ? "undone" : plan.Problem is null ? "not completely undone" : $"not undone: {plan.Problem}")}");
        foreach (var left in plan.NotUndone)
        {
            Console.WriteLine($"  left: {left}");
        }

        if (plan.Note is not null)
        {
            Console.WriteLine($"  note: {plan.Note}");
        }
    }
}
