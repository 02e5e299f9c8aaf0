using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness.Explained;

namespace Passthrough.Sdk.Readiness;

/// <summary>Descriptions of findings that no rule derives from a host's facts: they come from an error that occurred.</summary>
internal static class ExplainedFindings
{
    public static ValueList<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DomainEmulatorDied,
            Severity = FindingSeverity.Error,
            Title = "the emulator ended or was killed while the domain started",
            Meaning =
                "libvirt only sees that its connection to QEMU broke: process exited while connecting to monitor, or: Unable to "
                + "read from monitor: Connection reset by peer. QEMU's own message is in the domain's log. If QEMU was killed (out "
                + "of memory, a time limit, an operator), only the kernel's log shows it.",
            Detection = "The text of libvirt's error, and the domain's log /var/log/libvirt/qemu/NAME.log if it can be read.",
            Remedy =
                "Read the last lines of the domain's log. If they do not contain a reason, search the kernel's log for the "
                + "out-of-memory killer, and check what else may have ended the process.",
        },
        new()
        {
            Id = FindingIds.DomainConfigInvalid,
            Severity = FindingSeverity.Error,
            Title = "the domain's definition is invalid or asks for something impossible",
            Meaning =
                "The host is not the cause: an address is used twice or does not exist on the machine type, an element "
                + "contradicts another, or this libvirt does not support the element. Another host would refuse it too.",
            Detection = "libvirt's error code (XML error, unsupported configuration) and its text.",
            Remedy = "Change the element that the error names (virsh edit); leave out guest addresses, so that libvirt chooses free ones.",
        },
        .. ExplainedDomainFindings.All,
        .. ExplainedDeviceFindings.All,
        .. ExplainedHostFindings.All,
    ];
}
