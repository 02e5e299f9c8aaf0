using System.Collections.Immutable;
using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough doctor</c>: is this host, or this device on it, ready; why not; and the way out.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var (address, root, json) = (SharedOptions.OptionalAddress(), SharedOptions.Root(), SharedOptions.Json());
        var connect = SharedOptions.Connect("Look at libvirt too, at this URI");
        var command = new Command("doctor", "Whether passthrough will work here, and why not") { address, root, connect, json };
        command.SetAction(parsed =>
            Run(parsed.GetValue(address), parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(json)));
        return command;
    }

    private static int Run(PciAddress? address, string root, string? connect, bool json)
    {
        ImmutableArray<PciAddress> devices = address is { } device ? [device] : [];
        var snapshot = PassthroughHost.At(root).Capture(new CaptureOptions { DetailsOf = devices });
        var report = snapshot.CheckDevices(devices, libvirt: connect is null ? null : LibvirtFacts.Read(connect));
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
