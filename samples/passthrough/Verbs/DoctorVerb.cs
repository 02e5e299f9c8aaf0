using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough doctor</c>: is this host, or this device on it, ready; why not; and the way out.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var (address, root, json) = (SharedOptions.OptionalAddress(), SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("doctor", "Whether passthrough will work here, and why not") { address, root, json };
        command.SetAction(parsed => Run(parsed.GetValue(address), parsed.GetRequiredValue(root), parsed.GetValue(json)));
        return command;
    }

    private static int Run(PciAddress? address, string root, bool json)
    {
        var snapshot = PassthroughHost.At(root).Capture(new CaptureOptions { DetailsOf = address is { } wanted ? [wanted] : [] });
        var report = address is { } device ? snapshot.CheckDevices([device]) : snapshot.CheckReadiness();
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("ready", report.IsReady);
                writer.WriteFindings(report);
                writer.WriteEndObject();
            });
        }
        else
        {
            Console.WriteLine(report.IsReady ? "ready" : "not ready");
            FindingText.Write(report);
        }

        return report.IsReady ? ExitCode.Yes : ExitCode.No;
    }
}
