using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>A device of a fake host, as its libvirt knows it.</summary>
internal sealed class FakeLibvirtNodeDevice(FakeLibvirt libvirt, PciAddress address) : ILibvirtNodeDevice
{
    public string Name => address.NodeDeviceName;

    public string? GetParent() => "computer";

    public string GetXml() => $"<device><name>{Name}</name></device>";

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

    public void Reset() => libvirt.Call("virNodeDeviceReset");

    public void Dispose()
    {
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
