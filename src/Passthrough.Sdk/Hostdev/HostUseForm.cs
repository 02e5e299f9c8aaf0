namespace Passthrough.Sdk.Hostdev;

/// <summary>The parts of a domain's XML that can use a device of the host.</summary>
public enum HostUseForm
{
    /// <summary>A <c>&lt;hostdev&gt;</c>.</summary>
    Hostdev = 0,

    /// <summary>An <c>&lt;interface&gt;</c> of type <c>hostdev</c> or <c>vdpa</c>, or one of a network whose pool provided a function.</summary>
    Interface = 1,

    /// <summary>A <c>&lt;disk&gt;</c> whose data is on an NVMe controller that QEMU accesses directly (<c>type='nvme'</c>, libvirt 6.0.0).</summary>
    Disk = 2,

    /// <summary>An argument for QEMU in <c>&lt;qemu:commandline&gt;</c> or <c>&lt;qemu:override&gt;</c>, which libvirt does not track.</summary>
    CommandLine = 3,
}
