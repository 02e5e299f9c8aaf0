using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>The list of addresses whose devices Xen's pciback takes whenever the kernel looks for a driver for them.</summary>
/// <remarks>
/// pciback adds an address when it takes a device by driver_override, new_slot or hide=, and never removes one by itself: a device that is with
/// the host again may then be taken from it at the next probe. Source: drivers/xen/xen-pciback/pci_stub.c (pcistub_seize, pcistub_remove).
/// </remarks>
internal static class PcibackSlots
{
    /// <summary>The file to which an address is written that pciback is to take.</summary>
    public const string NewSlot = $"{PcibackReader.Driver}/new_slot";

    /// <summary>The file to which an address is written that pciback is to leave to others.</summary>
    public const string RemoveSlot = $"{PcibackReader.Driver}/remove_slot";

    /// <summary>Returns whether pciback lists the device; false where the kernel has no pciback.</summary>
    /// <exception cref="PassthroughException">The list cannot be read.</exception>
    public static bool Lists(ISysfs files, PciAddress device)
    {
        var text = files.ReadText(PcibackReader.Slots);
        return text.IsUnknown
            ? throw new PassthroughException($"cannot tell whether pciback still lists {device}: {text.Source}: {text.Reason}")
            : text.Value is { } list && PcibackReader.Addresses(list).Contains(device);
    }
}
