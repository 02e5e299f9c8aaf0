using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Mcp.Tools;

/// <summary><c>doctor</c>: checks whether the host, or a device on it, is ready.</summary>
/// <param name="access">The host.</param>
[McpServerToolType]
internal sealed class DoctorTool(HostAccess access)
{
    [McpServerTool(Name = "doctor", Title = "Check whether passthrough will work", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Checks whether the host is ready for PCI passthrough, or whether a guest can have one device, and if not, why. Changes nothing. "
        + "Returns JSON: ready (true, false, or null if it cannot be determined) and findings with a stable id, severity, title, evidence and remedy; the root cause is the first one.")]
    public Task<CallToolResult> CheckAsync(
        [Description("The device to check. " + Arguments.Address + " Without it, only the host is checked.")] string? address = null,
        [Description("The kind of guest: qemu, xen-hvm, xen-pvh or xen-pv. The default fits the host.")] string? guest = null,
        CancellationToken cancellationToken = default) => Answer.OfAsync(async () =>
    {
        ValueList<PciAddress> devices = address is null ? [] : [Arguments.ParseAddress(address)];
        GuestKind? kind = guest is null ? null : Arguments.OneOf("guest", guest, "qemu", "xen-hvm", "xen-pvh", "xen-pv") switch
        {
            "xen-hvm" => GuestKind.XenHvm,
            "xen-pv" => GuestKind.XenPv,
            "xen-pvh" => GuestKind.XenPvh,
            _ => GuestKind.Qemu,
        };
        var libvirt = await access.ReadLibvirtAsync(cancellationToken).ConfigureAwait(false);
        var snapshot = access.Host.Capture(new CaptureOptions { DetailsOf = devices, Isolation = !devices.IsEmpty, OpenHandles = !devices.IsEmpty });
        var report = snapshot.CheckDevices(devices, kind, libvirt);
        return Answer.Json(json =>
        {
            json.WriteBooleanOrNull("ready", report.IsReady);
            if (!devices.IsEmpty && snapshot.Devices.TryGet(devices[0], out var device))
            {
                json.WriteStartObject("device");
                DeviceJson.WriteProperties(json, device, access.Names);
                json.WriteEndObject();
            }

            json.WriteSome(report);
        });
    });
}
