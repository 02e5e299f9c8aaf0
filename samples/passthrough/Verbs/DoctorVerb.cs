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
        var guest = Guest();
        var command = new Command("doctor", "Whether passthrough will work here, and why not") { address, root, connect, guest, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(address), parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(guest), parsed.GetValue(json)));
        return command;
    }

    private static Option<string?> Guest()
    {
        var guest = new Option<string?>("--guest")
        {
            Description = "The kind of guest that is to own a device: qemu, xen-hvm or xen-pv; without it the kind that fits the host",
            HelpName = "KIND",
        };
        guest.AcceptOnlyFromAmong("qemu", "xen-hvm", "xen-pv");
        return guest;
    }

    private static int Run(PciAddress? address, string root, string? connect, string? guest, bool json)
    {
        ImmutableArray<PciAddress> devices = address is { } device ? [device] : [];
        var snapshot = PassthroughHost.At(root).Capture(new CaptureOptions { DetailsOf = devices, Isolation = !devices.IsEmpty, OpenHandles = !devices.IsEmpty });
        GuestKind? kind = guest switch { "qemu" => GuestKind.Qemu, "xen-hvm" => GuestKind.XenHvm, "xen-pv" => GuestKind.XenPv, _ => null };
        var report = snapshot.CheckDevices(devices, kind, connect is null ? null : LibvirtFacts.Read(connect));
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
