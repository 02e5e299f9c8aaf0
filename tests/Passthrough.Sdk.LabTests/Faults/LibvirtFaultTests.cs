using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>Faults of VFIO's nodes, of libvirt and of what it may do.</summary>
[LabHost(Iommu.Vtd, Own = "faults")]
public sealed class LibvirtFaultTests
{
    internal const string Stop = "kill $(cat /run/libvirtd.pid); while [ -e /run/libvirtd.pid ] && kill -0 $(cat /run/libvirtd.pid) 2>/dev/null; do sleep 0.1; done";
    internal const string Restart = $"{Stop}; libvirtd --daemon";
    private const string Conf = "/etc/libvirt/qemu.conf";
    private const string DaemonConf = "/etc/libvirt/libvirtd.conf";

    [Fact]
    public void The_container_node_is_gone() =>
        new Fault("vfio-pci loaded, /dev/vfio/vfio removed")
        {
            Inject = "modprobe vfio-pci; rm /dev/vfio/vfio",
            // A node made by hand would outlive the module, and libvirt takes the node for the module.
            TakeBack = $"{ModuleFaultTests.Unload}; modprobe vfio-pci",
            Doctor = FindingIds.VfioNodeMissing,
            Says = "host doesn't support passthrough of host PCI devices",
        }.Show();

    /// <summary>The node of the group belongs to root when libvirt is told to change no owner.</summary>
    [Fact]
    public void The_group_node_is_not_for_QEMUs_user() =>
        new Fault("QEMU runs as an ordinary user, and libvirt changes no owners")
        {
            Inject = $"modprobe vfio-pci; cp {Conf} /tmp/; sed -i 's/^user = .*/user = \"nobody\"/' {Conf}; {Restart}",
            TakeBack = $"cp /tmp/qemu.conf {Conf}; {Restart}",
            Doctor = FindingIds.VfioNodeInaccessible,
            Says = "failed to open /dev/vfio/",
        }.Show();

    [Fact]
    public void Libvirt_may_not_raise_the_limit_on_locked_memory() =>
        new Fault("libvirtd may not raise the limit on locked memory")
        {
            Inject = $"modprobe vfio-pci; {Stop}; setpriv --bounding-set=-sys_resource prlimit --memlock=65536:65536 libvirtd --daemon",
            TakeBack = Restart,
            Doctor = null,
            Says = "cannot limit locked memory of process",
            Explain = FindingIds.MemoryLockLimit,
        }.Show();

    [Fact]
    public void Libvirt_is_for_root_alone() =>
        new Fault("an ordinary user, where libvirt's socket is for root alone")
        {
            Inject = $"modprobe vfio-pci; cp {DaemonConf} /tmp/; printf '%s\\n' 'unix_sock_rw_perms = \"0700\"' 'auth_unix_rw = \"none\"' >>{DaemonConf}; {Restart}",
            TakeBack = $"cp /tmp/libvirtd.conf {DaemonConf}; {Restart}",
            AsNobody = true,
            Attempt = Attempts.Open,
            Doctor = FindingIds.LibvirtNoPermission,
            Says = "Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
        }.Show();

    /// <summary>There is no D-Bus in the lab.</summary>
    [Fact]
    public void Libvirt_cannot_ask_who_may_come_in() =>
        new Fault("an ordinary user, and no D-Bus on which libvirt could ask polkit about him")
        {
            Inject = "modprobe vfio-pci",
            AsNobody = true,
            Attempt = Attempts.Open,
            Doctor = FindingIds.LibvirtNoSystemBus,
            Says = "Unable to get system bus connection",
        }.Show();

    [Fact]
    public void QEMU_is_not_installed() =>
        new Fault("QEMU uninstalled")
        {
            Inject = $"modprobe vfio-pci; mkdir /usr/bin/gone; mv /usr/bin/qemu-system-* /usr/bin/kvm /usr/bin/gone/; {Restart}",
            TakeBack = $"mv /usr/bin/gone/* /usr/bin/; rmdir /usr/bin/gone; {Restart}",
            Attempt = Attempts.DefineAndStart,
            Doctor = FindingIds.QemuMissing,
            Says = "No emulator found for arch 'x86_64'",
        }.Show();

    [Fact]
    public void Libvirt_does_not_run() =>
        new Fault("libvirtd not running")
        {
            Inject = $"modprobe vfio-pci; {Stop}; rm -f /run/libvirt/libvirt-sock",
            TakeBack = "libvirtd --daemon",
            Attempt = Attempts.Open,
            Doctor = FindingIds.LibvirtUnreachable,
            Says = "Failed to connect socket to '/var/run/libvirt/libvirt-sock'",
        }.Show();
}
