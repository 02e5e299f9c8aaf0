namespace Passthrough.Sdk.Libvirt;

/// <summary>Kinds of host devices to list: those of virConnectListAllNodeDeviceFlags that matter for passthrough.</summary>
[Flags]
public enum NodeDeviceKinds
{
    /// <summary>No filter: all devices.</summary>
    Any = 0,

    /// <summary>PCI functions (<c>--cap pci</c>).</summary>
    Pci = 1 << 1,

    /// <summary>Network interfaces (<c>--cap net</c>).</summary>
    Net = 1 << 4,

    /// <summary>Devices that can create mediated devices (<c>--cap mdev_types</c>).</summary>
    MdevTypes = 1 << 13,

    /// <summary>Mediated devices (<c>--cap mdev</c>).</summary>
    Mdev = 1 << 14,
}
