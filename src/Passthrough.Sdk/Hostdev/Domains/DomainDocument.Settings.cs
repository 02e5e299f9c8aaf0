using System.Globalization;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

public sealed partial class DomainDocument
{
    /// <summary>What a plan needs to know besides the host devices; read anew at each call.</summary>
    /// <exception cref="LibvirtXmlException">A value is none that libvirt would take.</exception>
    public DomainSettings Settings => new(_tree.Root);

    /// <summary>
    /// Finds a place for one more PCI device: on q35 a root port that nothing is plugged into, on i440fx a slot of the
    /// root bus or of a bridge, on pseries a host bridge of its own. Where none is free, a controller is added.
    /// </summary>
    /// <exception cref="LibvirtXmlException">There is no room for another controller either.</exception>
    public GuestSlot FindFreeSlot() => GuestSlots.Find(this);

    /// <summary>
    /// Finds a place for one more conventional PCI device, one that is not PCI Express: on q35 and virt a slot of a
    /// pcie-to-pci-bridge, which is added where there is none with a free slot (libvirt 4.3.0); elsewhere as
    /// <see cref="FindFreeSlot"/>.
    /// </summary>
    /// <remarks>libvirt finds the bridge a place of its own, and adds the root port that it needs.</remarks>
    /// <exception cref="LibvirtXmlException">There is no room for another controller either.</exception>
    public GuestSlot FindFreeConventionalSlot() => GuestSlots.FindConventional(this);

    /// <summary>The document with one more PCI controller, behind the last one there is.</summary>
    /// <param name="controller">The controller.</param>
    /// <exception cref="LibvirtXmlException">Its index is taken.</exception>
    public DomainDocument Add(PciController controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        return Settings.PciControllers.Any(c => c.Index == controller.Index)
            ? throw new LibvirtXmlException("domain/devices/controller", $"a PCI controller with index {controller.Index} already exists")
            : Edited(XmlEdit.Insert(_tree, "devices", "controller", LaterThanControllers, controller.ToXml));
    }

    /// <summary>The document with KVM hidden from the guest, for drivers that refuse to run in one (libvirt 1.2.8).</summary>
    public DomainDocument WithKvmHidden() => Set(["features", "kvm", "hidden"], "state", "on");

    /// <summary>The document with a name for the Hyper-V enlightenments to show (libvirt 1.3.3).</summary>
    /// <param name="vendorId">At most 12 characters.</param>
    /// <exception cref="LibvirtXmlException">It is longer, or holds a comma.</exception>
    public DomainDocument WithHypervVendorId(string vendorId)
    {
        ArgumentNullException.ThrowIfNull(vendorId);
        return vendorId.Length > 12 || vendorId.Contains(',', StringComparison.Ordinal)
            ? throw new LibvirtXmlException("domain/features/hyperv/vendor_id", "'value' must have at most 12 characters and no comma")
            : Set(["features", "hyperv", "vendor_id"], "state", "on").Set(["features", "hyperv", "vendor_id"], "value", vendorId);
    }

    /// <summary>The document with a limit to the memory the domain may use, and lock, on the host.</summary>
    /// <param name="bytes">The limit, in bytes; written in KiB, rounded up.</param>
    public DomainDocument WithHardLimit(ulong bytes) => Edited(XmlEdit.SetText(
        Set(["memtune", "hard_limit"], "unit", "KiB")._tree, ["memtune", "hard_limit"], ((bytes / 1024) + (bytes % 1024 == 0 ? 0u : 1u)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>The document with the guest's memory locked in the host's.</summary>
    public DomainDocument WithLockedMemory() => Settings.MemoryLocked ? this : Set(["memoryBacking", "locked"], null, null);

    /// <summary>The document with host devices opened through /dev/iommu, or not (libvirt 12.2.0).</summary>
    /// <param name="enabled">Whether.</param>
    public DomainDocument WithIommufd(bool enabled) => Set(["iommufd"], "enabled", enabled ? "yes" : "no");

    private DomainDocument Set(ReadOnlySpan<string> path, string? attribute, string? value) => Edited(XmlEdit.Set(_tree, path, attribute, value));

    private DomainDocument Edited(string text) => text == _tree.Text ? this : new(XmlTree.Parse(text));
}
