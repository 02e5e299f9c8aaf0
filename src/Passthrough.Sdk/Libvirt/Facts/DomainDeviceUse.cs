using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A PCI function of the host that a libvirt domain has, or that its definition requests.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DomainDeviceUse
{
    /// <summary>Gets the domain's name.</summary>
    public required string Domain { get; init; }

    /// <summary>Gets the PCI function.</summary>
    public required PciAddress Device { get; init; }

    /// <summary>
    /// Gets whether the running domain has the function now (<c>virsh dumpxml</c>). Otherwise the persistent definition requests it
    /// (<c>virsh dumpxml --inactive</c>); the domain may be running or shut off.
    /// </summary>
    public required bool IsRunning { get; init; }

    /// <summary>Gets the part of the domain's XML that names the function.</summary>
    public required HostUseForm Form { get; init; }

    /// <summary>Gets the network whose pool contains the function, from which the domain gets a function at its start; null if the domain names the function itself.</summary>
    public string? Network { get; init; }

    /// <summary>
    /// Gets the part of the function that the domain uses if it does not use the whole function: the sysfs path of a mediated device,
    /// the node of a disk (<c>&lt;disk type='block'&gt;</c>), or a network interface (<c>&lt;interface type='direct'&gt;</c>). Null
    /// for the whole function. Disks and interfaces are listed for definitions only.
    /// </summary>
    public string? Part { get; init; }

    /// <summary>Gets whether QEMU is to use the function through IOMMUFD (<see cref="DomainHostUse.UsesIommufd"/>).</summary>
    public bool UsesIommufd { get; init; }

    /// <summary>Gets whether the XML names the function indirectly: through a network's pool, a mediated device, a vDPA node, a disk or a network interface.</summary>
    internal bool IsIndirect { get; init; }

    /// <summary>Gets whether libvirt takes the function from its driver when the domain starts.</summary>
    internal bool IsManaged { get; init; }

    /// <summary>Whether the domain does not have the function, but uses a disk or a network interface that the host has through it.</summary>
    internal bool IsBuiltOn => Part is not null && Form is (HostUseForm.Disk or HostUseForm.Interface);

    /// <summary>The source of the fact, and how it names the function, for evidence.</summary>
    internal string Source => IsRunning ? $"virsh dumpxml {Domain}" : $"virsh dumpxml --inactive {Domain}";

    /// <summary>The part of the XML in words.</summary>
    internal string Element => Network is not null ? $"<interface type='network'> of the network '{Network}'"
        : Form switch
        {
            HostUseForm.Disk when IsBuiltOn => $"<disk type='block'> on {Part}",
            HostUseForm.Interface when IsBuiltOn => $"<interface type='direct'> on {Part}",
            HostUseForm.Hostdev => "<hostdev>",
            HostUseForm.Interface => "<interface>",
            HostUseForm.Disk => "<disk>",
            _ => "<qemu:commandline>",
        };
}
