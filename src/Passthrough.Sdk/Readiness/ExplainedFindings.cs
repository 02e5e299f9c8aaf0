using System.Collections.Immutable;
using Passthrough.Sdk.Readiness.Explained;

namespace Passthrough.Sdk.Readiness;

/// <summary>The descriptions of findings that no rule makes from a host's facts: they come of an error that was met.</summary>
internal static class ExplainedFindings
{
    public static ImmutableArray<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DomainEmulatorDied,
            Severity = FindingSeverity.Error,
            Title = "the emulator ended while the domain started, or was ended from outside",
            Meaning =
                "libvirt only sees that its connection to QEMU broke: process exited while connecting to monitor, or: Unable to read from "
                + "monitor: Connection reset by peer. The reason stands in QEMU's own words in the domain's log, or, where it was killed "
                + "(out of memory, a time limit, an operator), nowhere but in the kernel's log.",
            Detection = "The text of libvirt's error, and the domain's log /var/log/libvirt/qemu/NAME.log where it can be read.",
            Remedy =
                "Read the last lines of the domain's log. Where they end without a reason, look in the kernel's log for the out-of-memory "
                + "killer, and for who else may have ended the process.",
        },
        new()
        {
            Id = FindingIds.DomainConfigInvalid,
            Severity = FindingSeverity.Error,
            Title = "the domain's definition asks for something that cannot be",
            Meaning =
                "The host is not to blame: an address is given twice or does not exist on the machine type, an element contradicts another, "
                + "or this libvirt does not know what is asked for. Another host would refuse it too.",
            Detection = "libvirt's error code (XML error, unsupported configuration) and its text.",
            Remedy = "Change the element that the error names (virsh edit); leave out guest addresses, so that libvirt chooses free ones.",
        },
        .. ExplainedDomainFindings.All,
        .. ExplainedDeviceFindings.All,
        .. ExplainedHostFindings.All,
    ];
}
