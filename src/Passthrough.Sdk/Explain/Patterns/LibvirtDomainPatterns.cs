using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What libvirt says of a domain: whether it is there, runs, has the device, lets it go.</summary>
internal static class LibvirtDomainPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        new("no domain with matching name '{domain}'", NoDomain),
        new("no domain with matching", NoDomain),
        new("failed to get domain '{domain}'", NoDomain),
        new("Domain not found", NoDomain),

        new("domain is already running", State("the domain runs already", "attach with --live, or shut it down first")),
        new("Domain is already active", State("the domain runs already", "attach with --live, or shut it down first")),
        new("domain '{domain}' is already being started", State("the domain is being started already", "wait for it")),
        new("is not running", State("the domain does not run", "start it, or change its definition only (--config)")),
        new("domain is not active", State("the domain does not run", "start it, or change its definition only (--config)")),
        new("transient domains do not have any persistent config", State("the domain has no definition that outlives it", "change the running domain only (--live), or define it")),
        new("cannot modify device on transient domain", State("the domain has no definition that outlives it", "change the running domain only (--live), or define it")),

        new("host pci device {device} not found", NotInDomain),
        new("no device found with alias {alias}", NotInDomain),
        new("no device found at address", NotInDomain),
        new("device not found: ", NotInDomain) { Role = ErrorRole.Hint },
        new("no matching {kind} device was found", NotInDomain),
        new("multiple devices matching", Definition(null, "name the device by its alias or its address")),
        new("multiple interfaces match", Definition(null, "name the interface by its alias or its address")),

        new("unplug of device was rejected by the guest", Unplug("the guest refuses to let the device go")),
        new("device cannot be detached: device is busy", Unplug("the guest does not let the device go")),
        new("is already in the process of unplug", Unplug("the guest was asked to let the device go before, and has not answered")),
        new("cannot hot unplug {kind} device with multifunction PCI guest address: {guest}", Definition(
            "the device is one of several functions in a slot of the guest, and only a whole slot can be unplugged", "detach it from the definition (--config) and restart the guest, or give it a slot of its own")),
        new("cannot hot unplug {kind} device with PCI guest address: {guest}", Definition(
            "the guest's bus lets no device go while the guest runs", "detach it from the definition (--config) and restart the guest; put it behind a root port that allows it (hotplug='on')")),
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
        "libvirt knows no domain {domain} here",
        "look at virsh list --all, and whether it is the right connection: domains of qemu:///system and of qemu:///session do not see one another");

    private static ProposedCause NotInDomain => Certain(
        FindingIds.DomainDeviceNotFound,
        "the domain has no such device",
        "look at what it has: virsh dumpxml DOMAIN, and with --inactive what its definition has");

    private static ProposedCause NotLive => Certain(
        FindingIds.LibvirtNotSupported, "libvirt does not change devices of this kind while the domain runs", "change the definition (--config) and start the domain anew");

    private static ProposedCause Migration => Certain(
        FindingIds.DomainNotMigratable,
        "the domain owns a device of the host and cannot be migrated or saved with it",
        "detach the device first and attach another at the target, or use a pair of NICs (<teaming>) and a transient hostdev");

    private static ProposedCause Labels => Certain(
        FindingIds.SecurityDenied,
        "SELinux or AppArmor does not accept the label or the profile that libvirt sets for the domain",
        "look at the audit log; reload libvirt's profiles (systemctl reload apparmor) or restore the labels (restorecon -R /dev/vfio)");

    private static ProposedCause Filter => Certain(
        FindingIds.SecurityDenied,
        "the device filter of the domain's control group could not be set",
        "in a container let libvirt manage cgroups, or take devices out of cgroup_controllers in /etc/libvirt/qemu.conf");

    private static ProposedCause State(string title, string remedy) => Certain(FindingIds.DomainWrongState, title, remedy);

    private static ProposedCause Unplug(string title) => Certain(
        FindingIds.DomainUnplugRefused, title, "see that the guest's operating system runs and its driver can let go (unmount, ifdown); then detach again, or shut the guest down");
}
