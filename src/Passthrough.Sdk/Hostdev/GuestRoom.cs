using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The places for devices that come while a guest runs, by the rules libvirt finds one with (<c>virDomainPCIAddressFlagsCompatible</c>).</summary>
/// <param name="IsExpress">Whether the guest's buses begin with PCI Express: then each kind of device needs its own kind of place.</param>
/// <param name="Ports">The number of PCI Express ports that accept a device while the guest runs.</param>
/// <param name="FreePorts">The number of those ports that are free.</param>
/// <param name="FreeSlots">The number of free slots on conventional buses.</param>
internal sealed record GuestRoom(bool IsExpress, int Ports, int FreePorts, int FreeSlots)
{
    private const int LastSlot = 31;

    /// <summary>On i440fx slots 0 and 1 are the chipset's. Slot 2, the display's, is free in a guest without one.</summary>
    private const int FirstSlotOfRoot = 2;

    // Behind these nothing that a guest is given can be plugged in, or not while it runs.
    private static readonly string[] NoRoom = ["pcie-root", "pcie-switch-upstream-port", "dmi-to-pci-bridge", "pcie-expander-bus", "pci-expander-bus"];

    /// <summary>The room of a running guest; null if its machine or its controllers are not known well enough to tell.</summary>
    /// <param name="settings">The settings of the running domain's XML, with all addresses.</param>
    public static GuestRoom? Of(DomainSettings settings)
    {
        var controllers = settings.PciControllers;
        var isExpress = controllers.Any(c => c.Model is "pcie-root");
        var isConventional = controllers.Any(c => c is { Model: "pci-root", Index: 0 }) && settings.Machine is { } machine
            && (machine == "pc" || machine.StartsWith("pc-", StringComparison.Ordinal)) && settings.Architecture is "x86_64" or "i686";
        if (settings.Type is not ("kvm" or "qemu" or "hvf") || isExpress == isConventional)
        {
            return null;
        }

        var (ports, freePorts, freeSlots) = (0, 0, 0);
        foreach (var controller in controllers)
        {
            if (controller.Model is null || controller.Index > byte.MaxValue)
            {
                return null;
            }

            var isHotplug = controller.Hotplug is not false;
            if (controller.IsPort)
            {
                ports += isHotplug ? 1 : 0;
                freePorts += isHotplug && UsedSlots(settings, controller) == 0 ? 1 : 0;
            }
            else if (controller.Model is "pci-bridge" or "pcie-to-pci-bridge" || (controller.Model is "pci-root" && isConventional))
            {
                var first = controller.Model is "pci-root" ? FirstSlotOfRoot : 1;
                freeSlots += isHotplug ? LastSlot - first + 1 - UsedSlots(settings, controller, first) : 0;
            }
            else if (!NoRoom.Contains(controller.Model, StringComparer.Ordinal))
            {
                return null;
            }
        }

        return new(isExpress, ports, freePorts, freeSlots);
    }

    /// <summary>The kind of place there are too few of; null if all devices find one.</summary>
    /// <param name="express">PCI Express devices.</param>
    /// <param name="conventional">Conventional PCI devices.</param>
    /// <param name="unknown">Devices of which nobody knows: they may find either kind.</param>
    public GuestRoomKind? Lacking(int express, int conventional, int unknown) =>
        !IsExpress ? express + conventional + unknown > FreeSlots ? GuestRoomKind.Any : null
        : express > FreePorts ? GuestRoomKind.Express
        : conventional > FreeSlots ? GuestRoomKind.Conventional
        : express + conventional + unknown > FreePorts + FreeSlots ? GuestRoomKind.Any : null;

    /// <summary>Returns a description of the free places.</summary>
    public override string ToString() => IsExpress
        ? $"{FreePorts} of {Ports} PCI Express ports and {FreeSlots} slots of conventional bridges are free"
        : $"{FreeSlots} slots of its PCI buses are free";

    private static int UsedSlots(DomainSettings settings, PciController controller, int first = 0) =>
        settings.PciAddressesInUse.Where(address => address.Domain == 0 && address.Bus == controller.Index && address.Slot >= first).Select(address => address.Slot).Distinct().Count();
}
