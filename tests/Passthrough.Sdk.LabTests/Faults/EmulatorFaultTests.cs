using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>QEMU dies, or is kept from what it needs, in ways that nobody can foresee.</summary>
[LabHost(Iommu.Vtd, Own = "faults")]
public sealed class EmulatorFaultTests
{
    [Fact]
    public void It_dies_while_it_starts() => Under("QEMU killed while it starts", "died", "qemu unexpectedly closed the monitor|process exited while connecting to monitor");

    [Fact]
    public void It_complains_and_goes() => Under("QEMU ends with a reason of its own", "complained", "a reason of its own");

    [Fact]
    public void It_may_not_lock_the_guests_memory() =>
        Under("QEMU's limit on locked memory is too low", "limited", "Cannot allocate memory", FindingIds.MemoryLockLimit);

    /// <summary>One of the two messages that this library was made for: QEMU goes with libvirt's order unread.</summary>
    /// <remarks>
    /// One thread of libvirt then ends the process, another asks for its limits before it reports. If the first is sooner, in
    /// one of three, the second reports that there is no such process, and what it had read is lost.
    /// </remarks>
    [Fact]
    public void It_goes_while_it_is_given_the_device() =>
        new Fault("QEMU resets its monitor while it is given the device")
        {
            Inject = "modprobe vfio-pci",
            Attempt = Attempts.UntilSaid(Attempts.Attach(emulator: "monitor-reset")),
            Doctor = null,
            Says = "Unable to read from monitor: Connection reset by peer",
            Explain = FindingIds.DomainEmulatorDied,
        }.Show();

    /// <summary>The same as most readers of the tutorial see it; the reason is the C library's, from its own catalogue.</summary>
    [Fact]
    public void It_goes_while_it_is_given_the_device_and_all_speak_Chinese() =>
        new Fault("QEMU resets its monitor while it is given the device, libvirtd and virsh in Chinese")
        {
            Inject = $"modprobe vfio-pci; {Chinese.Daemon}",
            TakeBack = Chinese.Back,
            Attempt = Attempts.UntilSaid(Chinese.Attach("monitor-reset")),
            Doctor = null,
            Says = "无法从监控程序中读取: 连接被对方重设",
            Explain = FindingIds.DomainEmulatorDied,
        }.Show();

    private static void Under(string name, string emulator, string says, string explain = FindingIds.DomainEmulatorDied) =>
        new Fault(name) { Inject = "modprobe vfio-pci", Attempt = Attempts.StartUnder(emulator), Doctor = null, Says = says, Explain = explain }.Show();
}
