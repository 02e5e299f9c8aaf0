using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Finds places on a guest's PCI buses, by the rules libvirt assigns addresses with (docs: pci-addresses).</summary>
internal static class GuestSlots
{
    private const byte LastSlot = 31;

    /// <summary>On i440fx slots 0 and 1 are the chipset's, and libvirt keeps slot 2 for the primary display.</summary>
    private const byte FirstFreeSlot = 3;

    public static GuestSlot Find(DomainDocument document)
    {
        var settings = document.Settings;
        return IsExpress(settings) ? Express(document, settings)
            : settings.Machine?.StartsWith("pseries", StringComparison.Ordinal) is true ? HostBridge(document, settings)
            : Conventional(document, settings);
    }

    public static GuestSlot FindConventional(DomainDocument document)
    {
        var settings = document.Settings;
        if (!IsExpress(settings))
        {
            return Find(document);
        }

        var bridges = settings.PciControllers
            .Where(c => c.Model is "pcie-to-pci-bridge" or "pci-bridge" && c.Index <= byte.MaxValue)
            .OrderBy(c => c.Index);
        foreach (var bridge in bridges)
        {
            if (Free(settings, bridge.Index, 1) is [var slot, ..])
            {
                return new(Place(bridge.Index, slot), document, null);
            }
        }

        return Added(document, settings, "pcie-to-pci-bridge", 1);
    }

    /// <summary>
    /// Returns the expander bus for a NUMA node of the host: the one of a guest's node whose memory is on that node of the host only
    /// (<c>numatune</c>). Returns null if no expander bus belongs to that node.
    /// </summary>
    public static PciController? ExpanderOf(DomainDocument document, int hostNode)
    {
        var settings = document.Settings;
        return settings.PciControllers.FirstOrDefault(controller =>
            controller.Model is "pcie-expander-bus" && controller.NumaNode is { } cell && settings.HostNodeOf(cell) == hostNode);
    }

    /// <summary>Returns a free port behind an expander bus, or null if all of them are in use.</summary>
    public static PciAddress? FreePortBehind(DomainDocument document, PciController expander)
    {
        var settings = document.Settings;
        return settings.PciControllers
            .Where(controller => controller.IsPort && controller.Hotplug is not false && controller.Address is { Domain: 0 } at && at.Bus == expander.Index && IsFree(settings, controller))
            .OrderBy(controller => controller.Index)
            .Select(controller => (PciAddress?)Place(controller.Index, 0))
            .FirstOrDefault();
    }

    /// <summary>Finds a port behind an expander bus; adds one if none is free.</summary>
    public static GuestSlot FindBehind(DomainDocument document, PciController expander)
    {
        if (FreePortBehind(document, expander) is { } free)
        {
            return new(free, document, null);
        }

        var slots = Free(document.Settings, expander.Index, 0);
        if (slots.Count == 0)
        {
            throw new LibvirtXmlException("domain/devices", $"the expander bus {expander.Index} has no free slot for another pcie-root-port; remove an unused one");
        }

        var controller = NextPort(document, Place(expander.Index, slots[0]));
        return new(Place(controller.Index, 0), document.Add(controller), controller);
    }

    /// <summary>Returns the number of PCI Express ports that nothing is plugged into, and that accept a device while the guest runs.</summary>
    public static int FreePorts(DomainDocument document)
    {
        var settings = document.Settings;
        return settings.PciControllers.Count(controller =>
            controller.IsPort && controller.Hotplug is not false && controller.Index <= byte.MaxValue && IsFree(settings, controller));
    }

    /// <summary>Returns whether a single device can have a place: its bus exists, and nothing is in its slot.</summary>
    public static bool IsFree(DomainDocument document, PciAddress place)
    {
        var settings = document.Settings;
        return place is { Domain: 0, Function: 0 } && settings.PciControllers.Any(controller => controller.Index == place.Bus)
            && !settings.PciAddressesInUse.Any(other => other.IsSameSlot(place));
    }

    /// <summary>Returns whether a single device can be plugged into a place while the guest runs.</summary>
    public static bool CanPlug(DomainDocument document, PciAddress place) =>
        IsFree(document, place) && document.Settings.PciControllers.First(controller => controller.Index == place.Bus) is { Hotplug: not false } bus
        && (bus.IsPort ? place.Slot == 0 : bus.Model is "pci-root" or "pci-bridge" or "pcie-to-pci-bridge");

    /// <summary>Returns one more root port for a guest.</summary>
    /// <exception cref="LibvirtXmlException">The guest has no free bus number.</exception>
    public static PciController NextPort(DomainDocument document, PciAddress? address = null) =>
        new(NextIndex(document.Settings, "pcie-root-port"), "pcie-root-port") { Address = address };

    /// <summary>Returns whether the guest's buses begin with PCI Express.</summary>
    public static bool IsExpress(DomainSettings settings) =>
        settings.PciControllers.Any(c => c.Model is "pcie-root")
        || (!settings.PciControllers.Any(c => c.Model is "pci-root")
            && (settings.Machine is "q35" or "virt" || settings.Machine?.Contains("q35", StringComparison.Ordinal) is true
                || settings.Machine?.StartsWith("virt-", StringComparison.Ordinal) is true));

    /// <summary>PCI Express (q35, virt): a port that nothing is plugged into.</summary>
    private static GuestSlot Express(DomainDocument document, DomainSettings settings)
    {
        var port = settings.PciControllers
            .Where(c => c.IsPort && c.Index <= byte.MaxValue && IsFree(settings, c))
            .OrderBy(c => c.Index)
            .FirstOrDefault();
        return port is not null ? new(Place(port.Index, 0), document, null) : Added(document, settings, "pcie-root-port", 0);
    }

    /// <summary>pseries: a host bridge of its own, since devices of two IOMMU groups cannot share one.</summary>
    private static GuestSlot HostBridge(DomainDocument document, DomainSettings settings)
    {
        var bridge = settings.PciControllers
            .Where(c => c.Model is "pci-root" && c.Index is > 0 and <= byte.MaxValue && !settings.PciAddressesInUse.Any(a => a.Bus == c.Index && a.Domain == 0))
            .OrderBy(c => c.Index)
            .FirstOrDefault();
        return bridge is not null ? new(Place(bridge.Index, 1), document, null) : Added(document, settings, "pci-root", 1);
    }

    /// <summary>i440fx: a slot of the root bus, or of a bridge; the last one of the root is for the first bridge.</summary>
    private static GuestSlot Conventional(DomainDocument document, DomainSettings settings)
    {
        var bridges = settings.PciControllers.Where(c => c.Model is "pci-bridge" && c.Index <= byte.MaxValue).OrderBy(c => c.Index).ToList();
        var root = Free(settings, 0, FirstFreeSlot);
        if (root.Count > 1 || (root.Count == 1 && bridges.Count > 0))
        {
            return new(Place(0, root[0]), document, null);
        }

        foreach (var bridge in bridges)
        {
            if (Free(settings, bridge.Index, 1) is [var slot, ..])
            {
                return new(Place(bridge.Index, slot), document, null);
            }
        }

        return root.Count > 0
            ? Added(document, settings, "pci-bridge", 1)
            : throw new LibvirtXmlException("domain/devices", "the guest has no free PCI slot, not even for another bridge; remove a device, or use machine type q35");
    }

    private static GuestSlot Added(DomainDocument document, DomainSettings settings, string model, byte slot)
    {
        var index = NextIndex(settings, model);
        var controller = new PciController(index, model);
        return new(Place(index, slot), document.Add(controller), controller);
    }

    private static uint NextIndex(DomainSettings settings, string model) =>
        settings.PciControllers.Select(c => c.Index).DefaultIfEmpty(0u).Max() + 1 is var index and <= byte.MaxValue
            ? index
            : throw new LibvirtXmlException("domain/devices", $"the guest has no free bus number for another {model}; remove an unused controller");

    private static bool IsFree(DomainSettings settings, PciController controller) =>
        !settings.PciAddressesInUse.Any(a => a.Bus == controller.Index && a.Domain == 0);

    private static List<byte> Free(DomainSettings settings, uint bus, byte first) =>
        [.. Enumerable.Range(first, LastSlot - first + 1).Select(slot => (byte)slot)
            .Where(slot => !settings.PciAddressesInUse.Any(a => a.Domain == 0 && a.Bus == bus && a.Slot == slot))];

    private static PciAddress Place(uint bus, byte slot) => new(0, (byte)bus, slot, 0);
}
