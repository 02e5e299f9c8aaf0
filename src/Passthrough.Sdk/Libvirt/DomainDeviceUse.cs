using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A PCI function of the host that a domain of a libvirt has, or that its definition asks for.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DomainDeviceUse
{
    /// <summary>The domain's name.</summary>
    public required string Domain { get; init; }

    /// <summary>The PCI function.</summary>
    public required PciAddress Device { get; init; }

    /// <summary>
    /// Whether the running domain has the function now (<c>virsh dumpxml</c>). Otherwise the persistent definition asks for it
    /// (<c>virsh dumpxml --inactive</c>), whether the domain runs or is shut off.
    /// </summary>
    public required bool IsRunning { get; init; }

    /// <summary>The part of the domain's XML that says so.</summary>
    public required HostUseForm Form { get; init; }

    /// <summary>The network whose pool holds the function, of which the domain gets one at its start; null where the domain names the function itself.</summary>
    public string? Network { get; init; }

    /// <summary>What of the function the domain has where that is not the whole: the sysfs path of a mediated device. Null for the whole function.</summary>
    public string? Part { get; init; }

    /// <summary>Whether the XML names something else that leads to the function: a network's pool, a mediated device, a node of vDPA.</summary>
    internal bool IsIndirect { get; init; }

    /// <summary>The source of the fact, and how it names the function, for evidence.</summary>
    internal string Source => IsRunning ? $"virsh dumpxml {Domain}" : $"virsh dumpxml --inactive {Domain}";

    /// <summary>The part of the XML in words.</summary>
    internal string Element => Network is not null ? $"<interface type='network'> of the network '{Network}'"
        : Form switch
        {
            HostUseForm.Hostdev => "<hostdev>",
            HostUseForm.Interface => "<interface>",
            HostUseForm.Disk => "<disk>",
            _ => "<qemu:commandline>",
        };
}
