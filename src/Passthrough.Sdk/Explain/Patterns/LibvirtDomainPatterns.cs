using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of libvirt about a domain: whether it exists, runs, has the device, and releases it.</summary>
internal static class LibvirtDomainPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("no domain with matching name '{domain}'", NoDomain),
        new("no domain with matching", NoDomain),
        new("failed to get domain '{domain}'", NoDomain),
        new("Domain not found", NoDomain),

        new("domain is already running", State("the domain is already running", "attach with --live, or shut it down first")),
        new("Domain is already active", State("the domain is already running", "attach with --live, or shut it down first")),
        new("domain '{domain}' is already being started", State("the domain is already being started", "wait for it")),
        new("domain is not running", State("the domain is not running", "start it, or change only its definition (--config)")),
        new("domain '{domain}' is not running", State("the domain is not running", "start it, or change only its definition (--config)")),
        new("domain is not active", State("the domain is not running", "start it, or change only its definition (--config)")),
        new("transient domains do not have any persistent config", State("the domain has no persistent definition", "change only the running domain (--live), or define it")),
        new("cannot modify device on transient domain", State("the domain has no persistent definition", "change only the running domain (--live), or define it")),

        new("host pci device {device} not found", NotInDomain),
        new("no device found with alias {alias}", NotInDomain),
        new("no device found at address", NotInDomain),
        new("device not found: ", NotInDomain) { Role = ErrorRole.Hint },
        new("no matching {kind} device was found", NotInDomain),
        new("multiple devices matching", Definition(null, "name the device by its alias or its address")),
        new("multiple interfaces match", Definition(null, "name the interface by its alias or its address")),

        new("unplug of device was rejected by the guest", Unplug("the guest refuses to release the device")),
        new("device cannot be detached: device is busy", Unplug("the guest does not release the device")),
        new("is already in the process of unplug", Unplug("the guest was already asked to release the device and has not answered")),
        new("cannot hot unplug {kind} device with multifunction PCI guest address: {guest}", Definition(
            "the device is one of several functions in a slot of the guest, and only a whole slot can be unplugged", "detach it from the definition (--config) and restart the guest, or give it its own slot")),
        new("cannot hot unplug {kind} device with PCI guest address: {guest}", Definition(
            "the guest's bus does not support unplugging while the guest runs", "detach it from the definition (--config) and restart the guest; put it behind a root port that supports it (hotplug='on')")),
        new("hotplug is not supported for hostdev", NotLive),
        new("hot unplug is not supported for hostdev", NotLive),
        new("live detach of device '{kind}' is not supported", NotLive),
        new("live attach of device '{kind}' is not supported", NotLive),
        new("persistent detach of device '{kind}' is not supported", NotLive),

        new("cannot migrate a domain with <hostdev", Migration),
        new("domain has assigned non-USB host devices", Migration),
        new("domain has assigned host devices", Migration),
        new("Cannot save domain{detail}hostdev", Migration),

        new("unable to set security context", Labels),
        new("unable to set AppArmor profile", Labels),
        new("cannot load AppArmor profile", Labels),
        new("internal error: child reported{detail}unable to set", Labels),
        new("/devices.allow", Filter),
        new("failed to load cgroup BPF prog", Filter),
        new("Unable to open device ACL", Filter),
        new("unable to create vfio device node", Filter),
    ];

    private static ProposedCause NoDomain => Certain(
        FindingIds.DomainNotFound,
        "libvirt does not know a domain {domain} on this connection",
        "check virsh list --all, and whether the connection is correct: domains of qemu:///system are not visible in qemu:///session, and vice versa");

    private static ProposedCause NotInDomain => Certain(
        FindingIds.DomainDeviceNotFound,
        "the domain has no such device",
        "check its devices: virsh dumpxml DOMAIN, and with --inactive those of its definition");

    private static ProposedCause NotLive => Certain(
        FindingIds.LibvirtNotSupported, "libvirt does not change devices of this kind while the domain runs", "change the definition (--config) and start the domain again");

    private static ProposedCause Migration => Certain(
        FindingIds.DomainNotMigratable,
        "the domain owns a device of the host and cannot be migrated or saved with it",
        "detach the device first and attach another one on the target host, or use a pair of NICs (<teaming>) and a transient hostdev");

    private static ProposedCause Labels => Certain(
        FindingIds.SecurityDenied,
        "SELinux or AppArmor rejects the label or the profile that libvirt sets for the domain",
        "check the audit log; reload libvirt's profiles (systemctl reload apparmor) or restore the labels (restorecon -R /dev/vfio)");

    private static ProposedCause Filter => Certain(
        FindingIds.SecurityDenied,
        "the device filter of the domain's control group could not be set",
        "in a container, let libvirt manage cgroups, or remove devices from cgroup_controllers in /etc/libvirt/qemu.conf");

    private static ProposedCause State(string title, string remedy) => Certain(FindingIds.DomainWrongState, title, remedy);

    private static ProposedCause Unplug(string title) => Certain(
        FindingIds.DomainUnplugRefused, title, "make sure that the guest's operating system runs and its driver can release the device (unmount, ifdown); then detach again, or shut the guest down");
}
