namespace Passthrough.Sdk.Hostdev;

/// <summary>The kernel's interface to a mediated device.</summary>
public enum MediatedModel
{
    /// <summary>A PCI device, a vGPU for example. libvirt 3.2.0.</summary>
    VfioPci,

    /// <summary>An s390x channel device. libvirt 4.4.0.</summary>
    VfioCcw,

    /// <summary>s390x crypto adapters and queues. libvirt 4.9.0.</summary>
    VfioAp,
}
