using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough doctor</c>: checks whether this host, or a device on it, is ready, and if not, why and what to do.</summary>
internal static class DoctorVerb
{
    private static readonly ValueList<string> InBootFiles =
    [
        FindingIds.IommuDisabledByKernelParameter, FindingIds.IommuNotEnabledByKernel, FindingIds.IommuParameterForOtherVendor,
        FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleNotLoaded,
    ];

    public static Command Create()
    {
        var (address, root, json) = (SharedOptions.OptionalAddress(), SharedOptions.Root(), SharedOptions.Json());
        var connect = SharedOptions.Connect("Also query libvirt at this URI");
        var guest = Guest();
        var command = new Command("doctor", "Check whether passthrough will work here, and if not, why") { address, root, connect, guest, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(address), parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(guest), parsed.GetValue(json)));
        return command;
    }

    private static Option<string?> Guest()
    {
        var guest = new Option<string?>("--guest")
        {
            Description = "The kind of guest that will own a device: qemu, xen-hvm, xen-pvh or xen-pv; the default is the kind that fits the host",
            HelpName = "KIND",
        };
        guest.AcceptOnlyFromAmong("qemu", "xen-hvm", "xen-pvh", "xen-pv");
        return guest;
    }

    /// <summary>Reads libvirt's facts. If this machine's own devices are checked, it must be this machine's libvirt.</summary>
    private static LibvirtFacts ReadLibvirt(string uri, string root)
    {
        var libvirt = LibvirtSession.Ask(uri, () => LibvirtFacts.Read(uri));
        if (root == "/")
        {
            libvirt.RequireThisHost();
        }

        return libvirt;
    }

    private static int Run(PciAddress? address, string root, string? connect, string? guest, bool json)
    {
        ValueList<PciAddress> devices = address is { } device ? [device] : [];
        var snapshot = PassthroughHost.At(root).Capture(new CaptureOptions { DetailsOf = devices, Isolation = !devices.IsEmpty, OpenHandles = !devices.IsEmpty });
        GuestKind? kind = guest switch { "qemu" => GuestKind.Qemu, "xen-hvm" => GuestKind.XenHvm, "xen-pv" => GuestKind.XenPv, "xen-pvh" => GuestKind.XenPvh, _ => null };
        var report = snapshot.CheckDevices(devices, kind, connect is null ? null : ReadLibvirt(connect, root));
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBooleanOrNull("ready", report.IsReady);
                writer.WriteFindings(report);
                writer.WriteStartArray("notApplicable");
                foreach (var step in snapshot.StepsNotApplicable(kind))
                {
                    writer.WriteStartObject();
                    writer.WriteString("step", step.Step);
                    writer.WriteString("reason", step.Reason);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }
        else
        {
            Console.WriteLine(report.IsReady switch { true => "ready", false => "not ready", null => "cannot tell" });
            FindingText.Write(report);
            foreach (var step in snapshot.StepsNotApplicable(kind))
            {
                Console.WriteLine($"not applicable: {step.Step}: {step.Reason}");
            }

            if (report.Any(finding => InBootFiles.Contains(finding.Id)) && snapshot.System.Boot is { Obstacle: null, Files.IsEmpty: false })
            {
                Console.WriteLine("hint: passthrough boot plan shows the change of the boot configuration, and passthrough boot apply makes it");
            }
        }

        return report.IsReady == true ? ExitCode.Yes : ExitCode.No;
    }
}
