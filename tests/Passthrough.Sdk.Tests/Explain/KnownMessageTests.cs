using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>A message and the cause that it names, on a host whose own facts are well, unless the message is about one that is not.</summary>
public sealed class KnownMessageTests : IDisposable
{
    private readonly Passthrough.Sdk.Testing.FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Theory]
    // libvirt: devices
    [InlineData("Requested operation is not valid: PCI device 0000:01:00.0 is in use by driver QEMU, domain nic", FindingIds.DeviceInUseByDomain)]
    [InlineData("Requested operation is not valid: PCI device 0000:01:00.0 is in use", FindingIds.DeviceInUseByDomain)]
    [InlineData("internal error: Not detaching active device 0000:01:00.0", FindingIds.DeviceInUseByDomain)]
    [InlineData("internal error: Non-endpoint PCI devices cannot be assigned to guests", FindingIds.DeviceIsBridge)]
    [InlineData("Device 0000:09:00.0 not found: could not access /sys/bus/pci/devices/0000:09:00.0/config: No such file or directory", FindingIds.DeviceNotFound)]
    [InlineData("Node device not found: no node device with matching name 'pci_0000_09_00_0'", FindingIds.DeviceNotFound)]
    [InlineData("Requested operation is not valid: Unmanaged PCI device 0000:01:00.0 must be manually detached from the host", FindingIds.DomainConfigInvalid)]
    [InlineData("internal error: Unable to reset PCI device 0000:01:00.0: no FLR, PM reset or bus reset available", FindingIds.DeviceNoReset)]
    [InlineData("internal error: Active 0000:04:02.0 devices on bus with 0000:04:01.0, not doing bus reset", FindingIds.DeviceNoReset)]
    [InlineData("internal error: Unknown PCI header type '127' for device '0000:01:00.0'", FindingIds.DeviceUnresponsive)]
    [InlineData("internal error: Device 0000:01:00.0 is behind a switch lacking ACS and cannot be assigned", FindingIds.DeviceBehindSwitchWithoutAcs)]
    [InlineData("internal error: Failed to load PCI driver module vfio-pci: administratively prohibited", FindingIds.VfioModuleBlacklisted)]
    [InlineData("Failed to unbind PCI device '0000:01:00.0' from e1000e: Device or resource busy", FindingIds.DeviceDriverBindFailed)]
    [InlineData("unsupported configuration: Interface type hostdev is currently supported on SR-IOV Virtual Functions only", FindingIds.DomainConfigInvalid)]
    [InlineData("internal error: Unable to configure VF 3 of PF 'enp5s0' because the PF is not online. Please change host network config to put the PF online.", FindingIds.DevicePhysicalFunctionDown)]
    [InlineData("device not found: mediated device 'c60cc60c-c60c-c60c-c60c-c60cc60cc60c' not found", FindingIds.MediatedDeviceNotFound)]
    // libvirt: domains
    [InlineData("error: failed to get domain 'nosuch'\nerror: Domain not found: no domain with matching name 'nosuch'", FindingIds.DomainNotFound)]
    [InlineData("device not found: host pci device 0000:06:02.0 not found", FindingIds.DomainDeviceNotFound)]
    [InlineData("operation failed: unplug of device was rejected by the guest", FindingIds.DomainUnplugRefused)]
    [InlineData("internal error: unable to execute QEMU command 'device_del': Device hostdev0 is already in the process of unplug", FindingIds.DomainUnplugRefused)]
    [InlineData("Operation not supported: cannot migrate a domain with <hostdev mode='subsystem' type='pci'>", FindingIds.DomainNotMigratable)]
    [InlineData("Requested operation is not valid: domain is not running", FindingIds.DomainWrongState)]
    [InlineData("XML error: Invalid PCI address bus='0x100', must be <= 0xFF", FindingIds.DomainConfigInvalid)]
    [InlineData("XML error: Hostdev already exists in the domain configuration", FindingIds.DomainConfigInvalid)]
    [InlineData("unsupported configuration: something that is not known here", FindingIds.DomainConfigInvalid)]
    [InlineData("internal error: No more available PCI slots", FindingIds.DomainConfigInvalid)]
    [InlineData("XML error: Attempted double use of PCI Address 0000:00:04.0", FindingIds.DomainGuestSlotOccupied)]
    [InlineData("cannot limit locked memory of process 1234 to 5368709120: Operation not permitted", FindingIds.MemoryLockLimit)]
    // libvirt itself
    [InlineData("error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory", FindingIds.LibvirtUnreachable)]
    [InlineData("error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused", FindingIds.LibvirtUnreachable)]
    [InlineData("error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied", FindingIds.LibvirtNoPermission)]
    [InlineData("error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'", FindingIds.LibvirtNoPermission)]
    [InlineData("Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)", FindingIds.LibvirtBusy)]
    [InlineData("internal error: Unable to get system bus connection: Could not connect: No such file or directory", FindingIds.LibvirtNoSystemBus)]
    [InlineData("error from service: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.machine1 was not provided by any .service files", FindingIds.LibvirtNoSystemBus)]
    [InlineData("internal error: Cannot check QEMU binary /usr/bin/qemu-system-x86_64: No such file or directory", FindingIds.QemuMissing)]
    [InlineData("unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support virt type 'kvm'", FindingIds.KvmUnavailable)]
    // QEMU
    [InlineData("vfio 0000:04:01.0: group 11 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.", FindingIds.GroupNotViable)]
    [InlineData("vfio 0000:01:00.0: failed to open /dev/vfio/9: Device or resource busy", FindingIds.GroupBusy)]
    [InlineData("qemu-system-x86_64: -device vfio-pci,host=01:00.0: VFIO_MAP_DMA failed: Cannot allocate memory", FindingIds.MemoryLockLimit)]
    [InlineData("vfio_dma_map(0x55d, 0x0, 0x80000000, 0x7f1) = -22 (Invalid argument)", FindingIds.VfioDmaMappingFailed)]
    [InlineData("vfio: Unable to power on device, stuck in D3", FindingIds.DeviceUnresponsive)]
    [InlineData("vfio 0000:01:00.0: error getting device from group 9: Input/output error", FindingIds.MediatedDeviceNotCreated)]
    [InlineData("vfio: Cannot reset device 0000:01:00.0, no available reset mechanism.", FindingIds.DeviceNoReset)]
    [InlineData("vfio 0000:01:00.0: hardware reports invalid configuration, MSIX PBA outside of specified BAR", FindingIds.DeviceNotSupportedByEmulator)]
    [InlineData("vfio 0000:01:00.0: failed to add PCI capability 0x11[0x50]@0xb0: table & pba overlap, or they don't fit in BARs, or don't align", FindingIds.DeviceNotSupportedByEmulator)]
    [InlineData("vfio 0000:01:00.0: group 9 used in multiple address spaces", FindingIds.GroupSeveralAddressSpaces)]
    [InlineData("vfio-pci: Cannot read device rom at 0000:01:00.0", FindingIds.DeviceRomUnusable)]
    [InlineData("internal error: unable to execute QEMU command 'device_add': Bus 'pcie.0' does not support hotplugging", FindingIds.DomainConfigInvalid)]
    [InlineData("PCI: slot 2 function 0 not available for vfio-pci, in use by VGA,id=video0", FindingIds.DomainGuestSlotOccupied)]
    [InlineData("-device vfio-pci,host=01:00.0: 'vfio-pci' is not a valid device model name", FindingIds.QemuNoVfio)]
    [InlineData("vfio 0000:01:00.0: /dev/iommu opening failed: No such file or directory", FindingIds.VfioIommufdMissing)]
    [InlineData("qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory", FindingIds.MemoryExhausted)]
    // the kernel
    [InlineData("[   91.1] vfio-pci 0000:01:00.0: BAR 0: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]", FindingIds.DeviceIsConsoleFramebuffer)]
    [InlineData("vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up", FindingIds.DeviceUnresponsive)]
    [InlineData("vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible", FindingIds.DeviceUnresponsive)]
    [InlineData("Nov 24 10:00:00 host kernel: NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!", FindingIds.DeviceHasOpenHandles)]
    [InlineData("vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded", FindingIds.MemoryLockLimit)]
    [InlineData("0000:01:00.0: 37c8 exists in vfio-pci device denylist, driver probing disallowed.", FindingIds.VfioDeviceDenylisted)]
    [InlineData("igb 0000:01:00.0: not enough MMIO resources for SR-IOV", FindingIds.SriovNotCreated)]
    [InlineData("DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xffff0000 [fault reason 0x06] PTE Read access is not set", FindingIds.IommuDmaFault)]
    [InlineData("Lockdown: lspci: direct PCI access is restricted; see man kernel_lockdown.7", FindingIds.KernelLockdown)]
    [InlineData("audit: type=1400 apparmor=\"DENIED\" operation=\"open\" profile=\"libvirt-1234\" name=\"/dev/vfio/9\"", FindingIds.SecurityDenied)]
    // shells
    [InlineData("bash: echo: write error: No such device", FindingIds.DeviceDriverBindFailed)]
    [InlineData("tee: /sys/bus/pci/drivers/vfio-pci/new_id: File exists", FindingIds.DeviceIdenticalTwin)]
    [InlineData("/sys/bus/pci/devices/0000:05:00.0/sriov_numvfs: Cannot allocate memory", FindingIds.SriovNotCreated)]
    [InlineData("modprobe: FATAL: Module vfio-pci not found in directory /lib/modules/6.1.0", FindingIds.VfioModuleUnavailable)]
    // Xen
    [InlineData("libxl: error: libxl_create.c:1029:libxl__domain_config_setdefault: Domain 1:passthrough not supported on this platform", FindingIds.XenNoDirectIo)]
    [InlineData("libxl: error: libxl_pci.c:1420:pci_add_dm_done: Domain 3:xc_assign_device failed: Operation not supported", FindingIds.XenNoDirectIo)]
    [InlineData("libxl: error: libxl_pci.c:1661:libxl__device_pci_add: Domain 3:PCI device 0:1:0.0 is not assignable", FindingIds.DeviceDriverBindFailed)]
    [InlineData("libxl: error: libxl_x86.c:831:libxl__arch_passthrough_mode_setdefault: passthrough not yet supported for x86 PVH guests", FindingIds.XenPvhWithoutDevices)]
    [InlineData("libxl: error: libxl_dm.c:2909:libxl__spawn_local_dm: Domain 2:device model /usr/libexec/xen-qemu-system-i386 is not executable: No such file or directory", FindingIds.QemuMissing)]
    public void The_first_finding_is_the_cause_that_the_message_names(string text, string cause)
    {
        var explanation = PassthroughHost.At(_host.Root).Capture().Explain(text);
        Assert.True(explanation.IsRecognised, text);
        Assert.Equal(cause, explanation.Cause!.Id);
        Assert.NotEmpty(explanation.Cause.Remedy);
        Assert.NotEmpty(explanation.Cause.Evidence);
        Assert.DoesNotContain('{', explanation.Cause.Title);
        Assert.DoesNotContain('{', explanation.Cause.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello, world")]
    [InlineData("error: Failed to start domain 'vm1'")]
    [InlineData("internal error: something about storage pools")]
    public void What_is_no_message_about_passthrough_is_not_recognised(string text)
    {
        var explanation = PassthroughHost.At(_host.Root).Capture().Explain(text);
        Assert.False(explanation.IsRecognised);
        Assert.Null(explanation.Cause);
    }

    [Fact]
    public void Every_cause_of_every_message_has_a_description()
    {
        Assert.All(
            ErrorPatterns.All.SelectMany(pattern => pattern.Causes).Select(cause => cause.Id).Distinct(),
            id => Assert.True(FindingCatalog.Find(id) is not null, $"{id} is described nowhere"));
    }
}
