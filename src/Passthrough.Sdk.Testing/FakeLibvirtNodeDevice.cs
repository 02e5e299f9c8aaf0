using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>A device of a fake host, as its libvirt knows it.</summary>
internal sealed class FakeLibvirtNodeDevice(FakeLibvirt libvirt, PciAddress address) : ILibvirtNodeDevice
{
    public string Name => address.NodeDeviceName;

    public string? GetParent() => PciAddress.TryParse(libvirt.Host.ParentOf(address), out var parent) ? parent.NodeDeviceName : "computer";

    public string GetXml(bool inactive = false)
    {
        if (inactive)
        {
            throw libvirt.GetLibvirtVersion() < LibvirtNodeDevice.WithUpdates
                ? FakeLibvirt.Error(LibvirtErrorCode.InvalidArg, "invalid argument: unsupported flags (0x1) in function nodeDeviceGetXMLDesc")
                : NotDefined();
        }

        lock (libvirt.Gate)
        {
            return new NodeDeviceDescription
            {
                Name = Name,
                Path = libvirt.Host.DevicePath(address.ToString()),
                Parent = GetParent(),
                Driver = libvirt.Host.DriverOf(address),
                Capabilities = [Describe()],
            }.ToXml();
        }
    }

    public ValueList<string> GetCapabilities() => ["pci"];

    // Every function is there, and nobody defined it: a libvirt has definitions of mediated devices only.
    public bool IsActive() => true;

    public bool IsPersistent() => false;

    public bool GetAutostart() => false;

    public void SetAutostart(bool autostart) => throw Failure("virNodeDeviceSetAutostart", Unsupported());

    public void Start() => throw Failure(
        "virNodeDeviceCreate", FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: Device is already active"));

    public void Destroy() => throw Failure("virNodeDeviceDestroy", Unsupported());

    public void Undefine() => throw Failure("virNodeDeviceUndefine", NotDefined());

    public void Update(string xml, DeviceAffect affect = DeviceAffect.Current)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        throw libvirt.GetLibvirtVersion() < LibvirtNodeDevice.WithUpdates
            ? new LibvirtTooOldException("virNodeDeviceUpdate", LibvirtNodeDevice.WithUpdates, libvirt.GetLibvirtVersion())
            : Failure("virNodeDeviceUpdate", Unsupported());
    }

    public void Detach(string? driver = null)
    {
        libvirt.Call("virNodeDeviceDetachFlags");
        Move(libvirt.Host.TakeForGuest);
    }

    public void ReAttach()
    {
        libvirt.Call("virNodeDeviceReAttach");
        Move(libvirt.Host.GiveBack);
    }

    public void Reset()
    {
        libvirt.Call("virNodeDeviceReset");
        if (libvirt.OwnerOf(address) is not null)
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, $"internal error: Not resetting active device {address}");
        }
    }

    public void Dispose()
    {
    }

    private NodePciCapability Describe()
    {
        var host = libvirt.Host;
        var group = host.LinkOf(address, "iommu_group");
        var count = Number("sriov_numvfs", NumberStyles.None);
        return new()
        {
            ClassCode = (uint?)Hex("class"),
            Address = address,
            Vendor = new() { Id = (ushort?)Hex("vendor") },
            Product = new() { Id = (ushort?)Hex("device") },
            PhysicalFunction = host.LinkOf(address, "physfn") is { } physical ? PciAddress.Parse(physical) : null,
            VirtualFunctions = count is null ? null : new()
            {
                MaxCount = (uint?)Number("sriov_totalvfs", NumberStyles.None),
                Functions = [.. Enumerable.Range(0, count.Value).Select(index => PciAddress.Parse(host.LinkOf(address, string.Create(CultureInfo.InvariantCulture, $"virtfn{index}"))!))],
            },
            Group = group is null ? null : new() { Number = uint.Parse(group, CultureInfo.InvariantCulture), Devices = [.. host.GroupOf(address)] },
            NumaNode = Number("numa_node", NumberStyles.AllowLeadingSign) is { } node && node >= 0 ? node : null,
        };

        int? Hex(string attribute) => host.TextOf(address, attribute) is ['0', 'x', .. var digits] ? int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
        int? Number(string attribute, NumberStyles style) => host.TextOf(address, attribute) is { } text ? int.Parse(text, style, CultureInfo.InvariantCulture) : null;
    }

    internal static LibvirtException Unsupported() => FakeLibvirt.Error(LibvirtErrorCode.ConfigUnsupported, "unsupported configuration: Unsupported device type");

    private LibvirtException NotDefined() => FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, $"Requested operation is not valid: Node device '{Name}' is not defined");

    // Notes the call first, which may have a failure of its own.
    private LibvirtException Failure(string function, LibvirtException error)
    {
        libvirt.Call(function);
        return error;
    }

    private void Move(Action<PciAddress> move)
    {
        lock (libvirt.Gate)
        {
            if (libvirt.OwnerOf(address) is { } owner)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, $"Requested operation is not valid: PCI device {address} is in use by driver QEMU, domain {owner.Name}");
            }

            move(address);
        }
    }
}
