using System.Globalization;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

public sealed partial class DomainDocument
{
    /// <summary>Gets the settings that a plan needs besides the host devices. They are read at each call.</summary>
    /// <exception cref="LibvirtXmlException">libvirt would not accept a value.</exception>
    public DomainSettings Settings => new(_tree.Root);

    /// <summary>
    /// Finds a slot for one more PCI device: on q35 an empty root port, on i440fx a slot of the
    /// root bus or of a bridge, on pseries a separate host bridge. If none is free, a controller is added.
    /// </summary>
    /// <exception cref="LibvirtXmlException">No other controller can be added either.</exception>
    public GuestSlot FindFreeSlot() => GuestSlots.Find(this);

    /// <summary>
    /// Finds a slot for one more conventional PCI device (not PCI Express): on q35 and virt a slot of a
    /// pcie-to-pci-bridge, which is added if there is none with a free slot (libvirt 4.3.0); on other machines as
    /// <see cref="FindFreeSlot"/>.
    /// </summary>
    /// <remarks>libvirt chooses the address of the bridge and adds the root port that it needs.</remarks>
    /// <exception cref="LibvirtXmlException">No other controller can be added either.</exception>
    public GuestSlot FindFreeConventionalSlot() => GuestSlots.FindConventional(this);

    /// <summary>Returns the document with one more PCI controller after the last one.</summary>
    /// <param name="controller">The controller.</param>
    /// <exception cref="LibvirtXmlException">A controller with this index exists already.</exception>
    public DomainDocument Add(PciController controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        return Settings.PciControllers.Any(c => c.Index == controller.Index)
            ? throw new LibvirtXmlException("domain/devices/controller", $"a PCI controller with index {controller.Index} already exists")
            : Edited(XmlEdit.Insert(_tree, "devices", "controller", LaterThanControllers, controller.ToXml));
    }

    /// <summary>Returns the document with KVM hidden from the guest, for drivers that refuse to run in one (libvirt 1.2.8).</summary>
    public DomainDocument WithKvmHidden() => Set(["features", "kvm", "hidden"], "state", "on");

    /// <summary>Returns the document with the vendor id that the Hyper-V enlightenments show to the guest (libvirt 1.3.3).</summary>
    /// <param name="vendorId">At most 12 characters.</param>
    /// <exception cref="LibvirtXmlException">The text is longer, or contains a comma.</exception>
    public DomainDocument WithHypervVendorId(string vendorId)
    {
        ArgumentNullException.ThrowIfNull(vendorId);
        return vendorId.Length > 12 || vendorId.Contains(',', StringComparison.Ordinal)
            ? throw new LibvirtXmlException("domain/features/hyperv/vendor_id", "'value' must have at most 12 characters and no comma")
            : Set(["features", "hyperv", "vendor_id"], "state", "on").Set(["features", "hyperv", "vendor_id"], "value", vendorId);
    }

    /// <summary>Returns the document with a limit for the memory that the domain may use and lock on the host.</summary>
    /// <param name="bytes">The limit, in bytes; written in KiB, rounded up.</param>
    public DomainDocument WithHardLimit(ulong bytes) => Edited(XmlEdit.SetText(
        Set(["memtune", "hard_limit"], "unit", "KiB")._tree, ["memtune", "hard_limit"], ((bytes / 1024) + (bytes % 1024 == 0 ? 0u : 1u)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Returns the document with the guest's memory locked in the host's memory.</summary>
    public DomainDocument WithLockedMemory() => Settings.MemoryLocked ? this : Set(["memoryBacking", "locked"], null, null);

    /// <summary>Returns the document with host devices opened through /dev/iommu, or not (libvirt 12.2.0).</summary>
    /// <param name="enabled">Whether host devices are opened through /dev/iommu.</param>
    public DomainDocument WithIommufd(bool enabled) => Set(["iommufd"], "enabled", enabled ? "yes" : "no");

    private DomainDocument Set(ReadOnlySpan<string> path, string? attribute, string? value) => Edited(XmlEdit.Set(_tree, path, attribute, value));

    private DomainDocument Edited(string text) => text == _tree.Text ? this : new(XmlTree.Parse(text));
}
