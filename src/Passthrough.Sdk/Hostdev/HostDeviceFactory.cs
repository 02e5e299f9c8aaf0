using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Creates host devices for common cases, one call each; all are managed by libvirt. Use <c>with</c> to refine the result.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
public static class HostDeviceFactory
{
    /// <summary>Returns a whole network card: the guest gets the physical function with all its features.</summary>
    /// <param name="address">The address on the host.</param>
    /// <param name="bootOrder">The position in the guest's boot order (PXE), from 1; null if the guest does not boot from it.</param>
    public static PciHostDevice Nic(PciAddress address, uint? bootOrder = null) => Bootable(address, bootOrder);

    /// <summary>Returns a virtual function of a network card, with the MAC address and the VLAN that the card enforces.</summary>
    /// <param name="address">The address on the host.</param>
    /// <param name="mac">The MAC address; null lets libvirt choose one.</param>
    /// <param name="vlan">VLAN, 0 to 4095; null for none.</param>
    /// <exception cref="LibvirtXmlException">The MAC address or the VLAN is invalid.</exception>
    public static HostInterface VirtualFunction(PciAddress address, string? mac = null, ushort? vlan = null) => new()
    {
        Address = address,
        Managed = true,
        Mac = mac is null ? null : new InterfaceMac(mac),
        Vlan = vlan is { } tag ? new InterfaceVlan(tag) : null,
    };

    /// <summary>Returns a card of several functions, a GPU with its sound and USB, on one slot of the guest as on the host.</summary>
    /// <param name="functions">The functions of one slot of the host, including function 0.</param>
    /// <param name="slot">The slot in the guest; see <see cref="DomainDocument.FindFreeSlot"/>.</param>
    /// <param name="romFile">An absolute path to a ROM image for function 0; null for the card's own.</param>
    /// <exception cref="ArgumentException">
    /// The functions are not of one slot, or function 0 is not among them; or the path of the ROM image is not absolute: libvirt's daemon,
    /// which opens it, has another working directory.
    /// </exception>
    public static ValueList<PciHostDevice> Gpu(IEnumerable<PciAddress> functions, PciAddress slot, string? romFile = null)
    {
        var all = functions.Distinct().Order().ToList();
        if (all.Count == 0 || all[0].Function != 0 || !all.TrueForAll(all[0].IsSameSlot))
        {
            throw new ArgumentException("pass the functions of one slot, including function 0", nameof(functions));
        }

        if (romFile is not null && !romFile.StartsWith('/'))
        {
            throw new ArgumentException($"'{romFile}' is not an absolute path; libvirt's daemon opens the ROM image and has another working directory: pass the result of Path.GetFullPath", nameof(romFile));
        }

        return
        [
            .. all.Select(address => new PciHostDevice
            {
                Address = address,
                Managed = true,
                Rom = address.Function == 0 && romFile is not null ? new DeviceRom { File = romFile } : null,
                GuestAddress = new PciGuestAddress(new PciAddress(slot.Domain, slot.Bus, slot.Slot, address.Function))
                {
                    Multifunction = address.Function == 0 && all.Count > 1 ? true : null,
                },
            }),
        ];
    }

    /// <summary>Returns an NVMe disk.</summary>
    /// <param name="address">The address on the host.</param>
    /// <param name="bootOrder">The position in the guest's boot order, from 1; null if the guest does not boot from it.</param>
    public static PciHostDevice NvmeDisk(PciAddress address, uint? bootOrder = null) => Bootable(address, bootOrder);

    /// <summary>Returns a sound card.</summary>
    /// <param name="address">The address on the host.</param>
    public static PciHostDevice SoundCard(PciAddress address) => Bootable(address, null);

    /// <summary>Returns a USB device on any port; the domain also starts if it is not present.</summary>
    /// <param name="vendor">Vendor id, not 0.</param>
    /// <param name="product">Product id.</param>
    /// <exception cref="LibvirtXmlException">The vendor is 0.</exception>
    public static UsbHostDevice Usb(ushort vendor, ushort product) =>
        new() { Id = new UsbId(vendor, product), StartupPolicy = StartupPolicy.Optional };

    /// <summary>Returns the device on a USB port, whichever it is; requires libvirt 12.</summary>
    /// <param name="bus">Bus number.</param>
    /// <param name="port">The port, through hubs separated by dots: <c>1.2</c>.</param>
    /// <exception cref="LibvirtXmlException">The port does not have this form.</exception>
    public static UsbHostDevice UsbPort(uint bus, string port) => new() { Place = UsbPlace.OfPort(bus, port) };

    /// <summary>Returns a vGPU, or another mediated PCI device.</summary>
    /// <param name="uuid">Its UUID on the host.</param>
    /// <param name="display">Whether libvirt's graphics show its display, beginning with the firmware.</param>
    public static MediatedHostDevice Vgpu(Guid uuid, bool display = false) => new()
    {
        Uuid = uuid,
        Model = MediatedModel.VfioPci,
        Display = display ? true : null,
        Ramfb = display ? true : null,
    };

    private static PciHostDevice Bootable(PciAddress address, uint? bootOrder) => new()
    {
        Address = address,
        Managed = true,
        Boot = bootOrder is { } order ? new DeviceBoot { Order = order } : null,
    };
}
