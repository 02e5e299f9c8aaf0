using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a running domain without a free slot for hot-plug.</summary>
internal sealed class DomainNoFreeSlot : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DomainNoFreeSlot,
            Severity = FindingSeverity.Error,
            Title = "the running domain has no free slot for the device",
            Meaning =
                "A device can be plugged into a running guest only if its buses have a free slot. A q35 guest needs a PCI Express "
                + "root port without a device; a conventional PCI device needs a slot of a pcie-to-pci-bridge or a pci-bridge. "
                + "libvirt says: internal error: No more available PCI slots. When a domain starts, libvirt adds missing "
                + "controllers itself.",
            Detection =
                "The PCI controllers and addresses in the running domain's XML (virsh dumpxml), and whether each device is PCI "
                + "Express (its configuration space). Machine types other than q35, virt and i440fx, and unknown controllers, are "
                + "not checked.",
            Remedy =
                "Assign the device to the definition only (`--config`): libvirt adds a missing port there, and the guest has the device "
                + "from its next start on. `--spare-ports N` (`AssignmentRequest.SparePorts`) gives the definition free ports for devices that "
                + "are plugged in later. Or shut the domain down and assign the device then.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.Target is not { Live: { } live, IsPluggedInto: true } target || GuestRoom.Of(live.Settings) is not { } room)
        {
            yield break;
        }

        var has = live.PciAddresses.ToHashSet();
        var wanted = context.Devices.Where(device => !has.Contains(device.Address)).ToList();
        var express = wanted.Where(device => IsExpress(device) == true).ToList();
        var conventional = wanted.Where(device => IsExpress(device) == false).ToList();
        var lacking = room.Lacking(express.Count, conventional.Count, wanted.Count - express.Count - conventional.Count);
        if (lacking is not { } kind)
        {
            yield break;
        }

        var devices = kind == GuestRoomKind.Conventional ? conventional : kind == GuestRoomKind.Express ? express : wanted;
        var names = string.Join(", ", devices.Select(device => device.Address));
        var controller = kind == GuestRoomKind.Conventional && room.IsExpress ? "pcie-to-pci-bridge" : room.IsExpress ? "pcie-root-port" : "pci-bridge";
        yield return FindingFactory.Of(
            [.. devices.Select(device => device.Address)],
            FindingIds.DomainNoFreeSlot,
            FindingSeverity.Error,
            $"the running domain {target.Name} has no free slot for {names}: {room}",
            $"assign to the definition only (passthrough assign {names.Replace(", ", " ", StringComparison.Ordinal)} --domain {target.Name} --config): libvirt adds the missing {controller} there, and the guest has the device from its next start on"
            + (controller == "pcie-root-port" ? "; with --spare-ports N the definition gets N free ports for later" : "")
            + $"; or shut {target.Name} down and assign then",
            new Evidence($"virsh dumpxml {target.Name}", room.ToString()));
    }

    /// <summary>Returns whether libvirt puts the device behind a PCI Express port; null if its configuration space could not be
    /// read completely.</summary>
    private static bool? IsExpress(PciDevice device) =>
        device.Details?.Configuration is not { Header: not null } space ? null
        : space.Find<PciExpressCapability>() is not null ? true
        : space.IsTruncated ? null : false;
}
