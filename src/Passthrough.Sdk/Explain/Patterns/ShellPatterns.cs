using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of programs when the kernel refuses a write to sysfs.</summary>
/// <remarks>
/// An error number is meaningful only together with the file: without it every cause is only a candidate. The lines have the form
/// that <see cref="Text.FailedWrite"/> produces. Source: drivers/pci/iov.c, pci-driver.c and pci-sysfs.c, drivers/vfio/mdev,
/// drivers/gpu/drm/i915/gvt; the words of bash, dash, zsh, tee, Python and .NET.
/// </remarks>
internal static class ShellPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        // sriov_numvfs_store()
        new("sriov_numvfs: {reason}", [.. NoVirtualFunctions]) { Errno = 2 },
        new("sriov_numvfs: {reason}", NoRoom) { Errno = 12 },
        new("sriov_numvfs: {reason}", [.. Perhaps(FindingIds.DeviceUnresponsive), NoRoom with { IsCertain = false }]) { Errno = 5 },
        new("sriov_numvfs: {reason}", Sriov("virtual functions exist already, and their number can be changed only after it is set to 0", "write 0 to sriov_numvfs first, when no guest owns one of them")) { Errno = 16 },
        new("sriov_numvfs: {reason}", Sriov("the driver has not enough queues or interrupts for so many virtual functions", "request fewer")) { Errno = 28 },
        new("sriov_numvfs: {reason}", Sriov("the device cannot have so many virtual functions", "request at most the number in sriov_totalvfs")) { Errno = 34 },
        new("sriov_numvfs: {reason}", [RootOnly, .. Perhaps(FindingIds.SriovNotCreated)]) { Errno = 1 },
        new("sriov_numvfs: {reason}", RootOnly) { Errno = 13 },
        new("sriov_numvfs{detail}: {reason}", new ProposedCause(FindingIds.SriovNotCreated, IsCertain: true)),

        // create_store() of a mediated type
        new("mdev_supported_types/{type}/create: {reason}", NoInstance) { Errno = 28 },
        new("mdev_supported_types/{type}/create: {reason}", NoInstance) { Errno = 87 },
        new("mdev_supported_types/{type}/create: {reason}", Mdev("a mediated device with this UUID exists already", "choose another UUID (uuidgen), or use the mediated device that exists")) { Errno = 17 },
        new("mdev_supported_types/{type}/create: {reason}", Mdev("the device has no mediated type {type}", "choose a type that /sys/bus/pci/devices/ADDRESS/mdev_supported_types lists; the driver lists types only while its vendor's services run")) { Errno = 2 },
        new("mdev_supported_types/{type}/create: {reason}", RootOnly) { Errno = 13 },
        new("mdev_supported_types/{type}/create: {reason}", new ProposedCause(FindingIds.MediatedDeviceNotCreated, IsCertain: true)),
        new("/mdev/devices/{mdev}/remove: {reason}", new ProposedCause(FindingIds.DeviceInUseByDomain, Title: "a guest has the mediated device {mdev} open", Remedy: "shut that guest down first")) { Errno = 16 },

        new("drivers/{driver}/unbind: {reason}", [new(FindingIds.DeviceDriverBindFailed, IsCertain: true, "{driver} does not have {device}", "check which driver has it: readlink /sys/bus/pci/devices/{device}/driver")]) { Errno = 19 },
        new("drivers/vfio-pci/{file}: {reason}", [.. CauseSets.NoVfio]) { Errno = 2 },
        new("drivers/vfio-pci/{file}: {reason}", [.. NotTaken]) { Errno = 19 },
        new("drivers/vfio-pci/{file}: {reason}", [.. NotTaken]) { Errno = 22 },
        new("drivers/vfio-pci/{file}: {reason}", Twin) { Errno = 17 },
        new("-framebuffer/unbind: {reason}", new ProposedCause(
            FindingIds.DeviceIsConsoleFramebuffer,
            Title: "no such framebuffer is bound: the kernel draws its console by other means",
            Remedy: "check which one exists: ls /sys/bus/platform/drivers/*framebuffer /sys/class/drm; kernels with simpledrm use the display without efi-framebuffer (initcall_blacklist=sysfb_init)")) { Errno = 19 },
        new("drivers/{driver}/bind: {reason}", Busy) { Errno = 16 },
        new("drivers/{driver}/bind: {reason}", RootOnly) { Errno = 13 },
        new("drivers/{driver}/bind: {reason}", [.. NotTaken]),
        new("new_id: {reason}", Twin) { Errno = 17 },
        new("/reset: {reason}", new ProposedCause(
            FindingIds.DeviceNoReset, IsCertain: true, "{device} cannot be reset alone", "give all functions of the card to one guest, so that its bus can be reset; reset_method lists what the kernel knows")) { Errno = 25 },
        new("/rom: {reason}", RomUnreadable) { Errno = 5 },
        new("/rom: {reason}", RomUnreadable) { Errno = 22 },
        new("/sys/bus/pci/devices/{device}/driver/unbind: {reason}", Certain(
            FindingIds.DeviceDriverBindFailed, "{device} has no driver to unbind, or does not exist", "continue with binding: no driver has the device")) { Errno = 2 },
        new("/sys/bus/pci/devices/{device}/{file}: {reason}", new ProposedCause(FindingIds.DeviceNotFound)) { Errno = 2 },
        new("/sys/bus/pci/{path}: {reason}", RootOnly) { Errno = 13 },
        new("/sys/devices/pci{path}: {reason}", RootOnly) { Errno = 13 },

        // The file is not known, so nothing is certain.
        new("write error: {reason}", [.. NoVirtualFunctions]) { Errno = 2 },
        new("write error: {reason}", [.. Candidates(NotTaken)]) { Errno = 19 },
        new("write error: {reason}", [.. Candidates(NotTaken), .. Perhaps(FindingIds.SriovNotCreated, FindingIds.MediatedDeviceNotCreated)]) { Errno = 22 },
        new("write error: {reason}", [Candidate(Busy), .. CauseSets.InUseByHost, .. Perhaps(FindingIds.DeviceHasActiveVirtualFunctions, FindingIds.SriovNotCreated)]) { Errno = 16 },
        new("write error: {reason}", [Candidate(Twin), .. Perhaps(FindingIds.MediatedDeviceNotCreated)]) { Errno = 17 },
        new("write error: {reason}", [Candidate(NoRoom), .. Perhaps(FindingIds.MediatedDeviceNotCreated)]) { Errno = 12 },
        new("write error: {reason}", [.. Perhaps(FindingIds.MediatedDeviceNoInstance, FindingIds.SriovNotCreated)]) { Errno = 28 },
        new("write error: {reason}", [.. Perhaps(FindingIds.MediatedDeviceNoInstance)]) { Errno = 87 },
        new("write error: {reason}", [.. Perhaps(FindingIds.SriovNotCreated)]) { Errno = 34 },
        new("write error: {reason}", [.. Perhaps(FindingIds.KernelLockdown), Candidate(RootOnly)]) { Errno = 1 },
        new("write error: {reason}", [Candidate(RootOnly)]) { Errno = 13 },
        new("write error: {reason}", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.SriovNotCreated), Candidate(Busy)]) { Errno = 5 },
        new("write error: {reason}", [.. Perhaps(FindingIds.DeviceNoReset)]) { Errno = 25 },
        new("write error: the shell does not say why", [.. Perhaps(FindingIds.DeviceDriverBindFailed, FindingIds.SriovNotCreated, FindingIds.MediatedDeviceNotCreated)]),
    ];

    private static ValueList<ProposedCause> NotTaken =>
    [
        Certain(
            FindingIds.DeviceDriverBindFailed,
            "the driver did not bind to {device}",
            "reserve it first: echo vfio-pci > /sys/bus/pci/devices/{device}/driver_override, then echo {device} > /sys/bus/pci/drivers_probe; dmesg shows why a driver refuses"),
        .. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceIsBridge),
        .. CauseSets.NoIommu,
        .. Perhaps(FindingIds.DeviceUnresponsive),
    ];

    // sriov_numvfs_store() returns ENOENT for two reasons, and open() for a third; the facts distinguish them.
    private static ValueList<ProposedCause> NoVirtualFunctions =>
    [
        new(FindingIds.SriovNoDriver, Title: "{device} has no driver, and only a driver can create its virtual functions",
            Remedy: "bind the driver that creates them (modprobe DRIVER); if it does not load, look for blacklist lines in /etc/modprobe.d and for module_blacklist= among the kernel's parameters") { Test = CauseTests.HasNoDriver },
        new(FindingIds.SriovDriverWithoutSupport, Title: "the driver {bound} of {device} does not support SR-IOV",
            Remedy: "load the driver that creates virtual functions, built for the running kernel (dkms status, uname -r), and bind {device} to it") { Test = CauseTests.HasDriver },
        new(FindingIds.SriovNotCreated, Title: "{device} has no SR-IOV, or its firmware hides it", Remedy: "enable SR-IOV in the firmware's set-up, or choose another device") { Test = CauseTests.HasNoSriov },
    ];

    private static ProposedCause Busy => Certain(
        FindingIds.DeviceDriverBindFailed, "{device} is busy: it already has a driver, or something uses it",
        "check which driver has it (lspci -k -s {device}) and what uses it (fuser on its nodes in /dev); if the host does not need it, take it from its driver (virsh nodedev-detach {node})");

    private static ProposedCause Twin => Certain(
        FindingIds.DeviceIdenticalTwin,
        "the driver already has these ids: a selection by ids takes every device that has them",
        "reserve only this device instead: echo vfio-pci > /sys/bus/pci/devices/ADDRESS/driver_override, then echo ADDRESS > /sys/bus/pci/drivers_probe");

    private static ProposedCause NoRoom => Sriov(
        "there is no room for the registers or the bus numbers of the virtual functions", "enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up; otherwise boot with pci=realloc or pci=assign-busses");

    private static ProposedCause NoInstance => Certain(
        FindingIds.MediatedDeviceNoInstance,
        "no instance of the mediated type {type} is free",
        "remove a mediated device that is not needed (echo 1 > /sys/bus/mdev/devices/UUID/remove), choose a smaller type, or increase the resources of the device: for Intel GVT-g a larger aperture in the firmware's set-up; available_instances of each type shows what is free") with { Test = CauseTests.HasNoInstance };

    private static ProposedCause RootOnly => Certain(
        FindingIds.DeviceDriverBindFailed, "only root may write the kernel's files of a device", "run it as root: with sudo, the redirection is still done by the user's own shell (use echo ... | sudo tee FILE)");

    private static ProposedCause RomUnreadable => Certain(
        FindingIds.DeviceRomUnusable, "the expansion ROM of {device} cannot be read",
        "write 1 to the rom file before reading it; the ROM of the boot display and of a sleeping device cannot be read: boot with another display, or use a verified dump");

    private static ProposedCause Sriov(string title, string remedy) => Certain(FindingIds.SriovNotCreated, title, remedy);

    private static ProposedCause Mdev(string title, string remedy) => Certain(FindingIds.MediatedDeviceNotCreated, title, remedy);

    private static ProposedCause Candidate(ProposedCause cause) => cause with { IsCertain = false };

    private static IEnumerable<ProposedCause> Candidates(ValueList<ProposedCause> causes) => causes.Select(Candidate);
}
