using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What a shell says when the kernel refuses what is written into sysfs. Which file it was, the shell seldom says.</summary>
/// <remarks>Source: the errors of drivers/pci/pci-driver.c, iov.c and pci-sysfs.c in the words of bash, dash, tee and .NET.</remarks>
internal static class ShellPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        new("sriov_numvfs: {reason}", NoRoom) { Errno = 12 },
        new("sriov_numvfs: {reason}", NoRoom) { Errno = 5 },
        new("sriov_numvfs: {reason}", Sriov("virtual functions are there already, and their number changes only by way of 0", "write 0 to sriov_numvfs first, when no guest owns one of them")) { Errno = 16 },
        new("sriov_numvfs: {reason}", Sriov("the device has not enough interrupts for so many virtual functions", "ask for fewer")) { Errno = 28 },
        new("sriov_numvfs: {reason}", Sriov("the device cannot have so many virtual functions", "ask for no more than sriov_totalvfs says")) { Errno = 34 },
        new("sriov_numvfs: {reason}", Sriov("the device, or its driver, has no virtual functions", "bind the driver that makes them (not vfio-pci), or choose another device")) { Errno = 2 },
        new("sriov_numvfs{detail}: {reason}", new ProposedCause(FindingIds.SriovNotCreated, IsCertain: true)),

        new("drivers/vfio-pci/{file}: {reason}", [.. CauseSets.NoVfio]) { Errno = 2 },
        new("drivers/vfio-pci/{file}: {reason}", [.. NotTaken]) { Errno = 19 },
        new("drivers/vfio-pci/{file}: {reason}", [.. NotTaken]) { Errno = 22 },
        new("drivers/vfio-pci/{file}: {reason}", Twin) { Errno = 17 },
        new("drivers/{driver}/unbind: {reason}", [new(FindingIds.DeviceDriverBindFailed, IsCertain: true, "{driver} does not have {device}", "look which driver has it: readlink /sys/bus/pci/devices/{device}/driver")]) { Errno = 19 },
        new("drivers/{driver}/bind: {reason}", [.. NotTaken]),
        new("new_id: {reason}", Twin) { Errno = 17 },
        new("/sys/bus/pci/devices/{device}/driver/unbind: {reason}", Certain(
            FindingIds.DeviceDriverBindFailed, "{device} has no driver that could let it go, or is not there", "go on with binding: nothing has the device")) { Errno = 2 },
        new("/sys/bus/pci/devices/{device}/{file}: {reason}", Certain(FindingIds.DeviceNotFound)) { Errno = 2 },
        new("/sys/bus/pci/{path}: {reason}", RootOnly) { Errno = 13 },

        new("write error: {reason}", [.. NotTaken]) { Errno = 19 },
        new("write error: {reason}", [.. NotTaken]) { Errno = 22 },
        new("write error: {reason}", [.. CauseSets.InUseByHost, .. Perhaps(FindingIds.DeviceHasActiveVirtualFunctions), Busy]) { Errno = 16 },
        new("write error: {reason}", Twin) { Errno = 17 },
        new("write error: {reason}", NoRoom) { Errno = 12 },
        new("write error: {reason}", Sriov("the device has not enough interrupts for so many virtual functions", "ask for fewer")) { Errno = 28 },
        new("write error: {reason}", Sriov("the device cannot have so many virtual functions", "ask for no more than sriov_totalvfs says")) { Errno = 34 },
        new("write error: {reason}", [.. Perhaps(FindingIds.KernelLockdown), RootOnly]) { Errno = 1 },
        new("write error: {reason}", RootOnly) { Errno = 13 },
        new("write error: {reason}", [.. Perhaps(FindingIds.DeviceUnresponsive), Busy]) { Errno = 5 },
    ];

    private static ImmutableArray<ProposedCause> NotTaken =>
    [
        .. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceIsBridge),
        .. CauseSets.NoIommu,
        .. Perhaps(FindingIds.DeviceUnresponsive),
        Certain(
            FindingIds.DeviceDriverBindFailed,
            "the driver did not take {device}",
            "set it aside first: echo vfio-pci > /sys/bus/pci/devices/{device}/driver_override, then echo {device} > /sys/bus/pci/drivers_probe; dmesg says why a driver refuses"),
    ];

    private static ProposedCause Busy => Certain(
        FindingIds.DeviceDriverBindFailed, "{device} is busy: it has a driver already, or somebody uses it", "take it from its driver first (virsh nodedev-detach), and stop what uses it");

    private static ProposedCause Twin => Certain(
        FindingIds.DeviceIdenticalTwin,
        "the driver knows these ids already: what goes by ids takes every device that has them",
        "set aside the one device instead: echo vfio-pci > /sys/bus/pci/devices/ADDRESS/driver_override, then echo ADDRESS > /sys/bus/pci/drivers_probe");

    private static ProposedCause NoRoom => Sriov(
        "there is no room for the registers or the bus numbers of the virtual functions", "enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up; else boot with pci=realloc or pci=assign-busses");

    private static ProposedCause RootOnly => Certain(
        FindingIds.DeviceDriverBindFailed, "only root may write the kernel's files of a device", "run it as root: behind sudo the redirection is still the user's own shell's (echo ... | sudo tee FILE)");

    private static ProposedCause Sriov(string title, string remedy) => Certain(FindingIds.SriovNotCreated, title, remedy);
}
