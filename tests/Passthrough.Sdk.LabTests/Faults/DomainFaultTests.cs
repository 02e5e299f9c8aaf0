using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>Domains that ask for what cannot be, or for what another one has.</summary>
[LabHost(Iommu.Vtd, Own = "faults")]
public sealed class DomainFaultTests
{
    [Fact]
    public void Another_domain_has_the_device() =>
        new Fault("the device is in a running domain")
        {
            Inject = "modprobe vfio-pci",
            Beside = Attempts.Hostdev(Device.Nic),
            Doctor = FindingIds.DeviceInUseByDomain,
            Says = "is in use by driver QEMU, domain owner",
        }.Show();

    [Fact]
    public void An_unmanaged_device_is_still_on_its_driver() =>
        new Fault("managed='no', still on its driver")
        {
            Inject = "modprobe vfio-pci",
            Attempt = fault => Attempts.StartWith(fault, Attempts.Hostdev(fault.Device, "no")),
            Doctor = null,
            Says = "must be manually detached from the host",
            Explain = FindingIds.DomainConfigInvalid,
        }.Show();

    [Fact]
    public void No_port_is_free() =>
        new Fault("no free port in the running domain")
        {
            Inject = "modprobe vfio-pci",
            Attempt = Attempts.Attach(freePorts: 0),
            Doctor = null,
            Says = "No more available PCI slots",
            Explain = FindingIds.DomainConfigInvalid,
        }.Show();

    [Fact]
    public void The_domain_may_have_less_memory_than_it_needs() =>
        new Fault("`<hard_limit>` below the guest's own memory")
        {
            Inject = "modprobe vfio-pci",
            Attempt = fault => Attempts.StartWith(fault, Attempts.Hostdev(fault.Device), "<memtune><hard_limit unit='MiB'>48</hard_limit></memtune>"),
            Doctor = null,
            Says = "qemu unexpectedly closed the monitor|process exited while connecting to monitor",
            Explain = FindingIds.MemoryLockLimit,
        }.Show();
}
