using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>Descriptions of findings that come from the comparison of a host with its desired state.</summary>
internal static class StateFindings
{
    private const string Apply = "Plan the desired state and apply the plan (`PassthroughHost.PlanState`), or accept that the host is otherwise and change the document.";

    public static ValueList<FindingDescription> All { get; } =
    [
        Of(FindingIds.StateDeviceNotFound, FindingSeverity.Error, "the host does not have a device that the desired state selects",
            "The device was moved to another slot, exchanged, or switched off in the firmware's settings; or the selector is wrong. A plan is refused, because another device must not be taken instead.",
            "The selectors are compared with the address, the ids, the class and the serial number of every function.",
            "Correct the selector, or the host. If the rest of the state should be applied without the device, accept the finding."),
        Of(FindingIds.StateDeviceAmbiguous, FindingSeverity.Error, "a selector of the desired state means more devices than expected",
            "Several devices have all the values that the selector names, for example two equal cards. A plan is refused, because it would have to guess.",
            "The selectors are compared with the address, the ids, the class and the serial number of every function, and the matches are counted. If a value is not known, for example because only root can read serial numbers, the finding is undetermined.",
            "Add the address or the serial number to the selector, or set `count` to the number of devices that are meant."),
        Of(FindingIds.StateContradiction, FindingSeverity.Error, "items of the desired state want different things for the same device",
            "Two selectors mean the same device on this host, and their items want different drivers for it; or one wants virtual functions of a device that another keeps for guests. Nothing is done with the device.",
            "The items that mean the same function are compared with each other.",
            "Change one of the selectors so that it does not mean the device, or remove one of the items."),
        Of(FindingIds.StateNotPlannable, FindingSeverity.Error, "there is no plan for something that the desired state needs",
            "The planner of this part says that it cannot work on this host: a device without SR-IOV, a parent that does not have the mediated type, a boot loader that is not known.",
            "The error of the planner is a part of the finding. Only plans report it.",
            "Correct the state or the host as the error says. If the rest of the state should be applied without this part, accept the finding."),
        Of(FindingIds.StateDriverDiffers, FindingSeverity.Warning, "a device has another driver than the desired state says",
            "The device was never bound to the driver, or somebody bound it to another one since. A device that should not be kept for guests has a driver for guests.",
            "The driver of the device, and for one that should not be kept for guests its driver_override.", Apply),
        Of(FindingIds.StateNotPersistent, FindingSeverity.Warning, "the host's files for every boot are not as the desired state says",
            "After the next boot, the device would have another driver, other virtual functions would exist, or the mediated device would be missing.",
            "The rule files in /etc/udev/rules.d that this library writes, the files of driverctl and Unraid, and the definitions in /etc/mdevctl.d.", Apply),
        Of(FindingIds.StateVirtualFunctionCount, FindingSeverity.Warning, "a physical function has another number of virtual functions than the desired state says",
            "The number was never set, somebody changed it, or the driver of the physical function was loaded again, which removes them.",
            "sriov_numvfs of the physical function.", Apply),
        Of(FindingIds.StateVirtualFunctionSetting, FindingSeverity.Warning, "a setting of virtual functions is not as the desired state says",
            "A MAC address, a VLAN, trust, the spoof check or sriov_drivers_autoprobe was changed. The kernel forgets these settings at a reboot, and with the virtual function.",
            "`ip link show` of the physical function's interface, and sriov_drivers_autoprobe. A setting that the driver does not report is undetermined.", Apply),
        Of(FindingIds.StateMediatedDeviceMissing, FindingSeverity.Warning, "a mediated device of the desired state does not exist",
            "It was never created, somebody removed it, or the driver of its parent was loaded again.", "/sys/bus/mdev/devices.", Apply),
        Of(FindingIds.StateMediatedDeviceDiffers, FindingSeverity.Error, "a mediated device is not as the desired state says",
            "A device with the UUID exists and has another type or another parent; or it exists, or is defined, although it should not.",
            "The links mdev_type and the place of the device in /sys/bus/mdev/devices, and /etc/mdevctl.d.",
            "A device of another type is never replaced, because somebody may use it: choose another UUID, or remove the device first. A device that should not exist is removed by a plan."),
        Of(FindingIds.StateParameterDiffers, FindingSeverity.Warning, "a kernel parameter is not configured as the desired state says",
            "The next boot would be without a parameter that should be set, or with one that should not.", "The files of the boot loader, as `passthrough boot status` reads them.", Apply + " Then reboot."),
        Of(FindingIds.StateAwaitsReboot, FindingSeverity.Info, "a kernel parameter of the desired state takes effect with the next boot",
            "A running kernel keeps the parameters with which it was booted.", "/proc/cmdline.", "Reboot when the parameter is configured, then check the state again."),
        Of(FindingIds.StateHookMissing, FindingSeverity.Warning, "the hook of the desired state is not installed",
            "libvirt asks nobody before it starts a domain.", "/etc/libvirt/hooks/qemu.d/passthrough (on Xen libxl.d).", Apply),
        Of(FindingIds.StateHookDiffers, FindingSeverity.Warning, "the hook is not as the desired state says",
            "It calls another program, or ends otherwise if the program fails; it was edited; or it is installed although it should not be.",
            "The options in the header of the hook, and its hash.", Apply),
        Of(FindingIds.StateHookNotInEffect, FindingSeverity.Warning, "the hook of the desired state is installed and has no effect",
            "libvirt's daemon has been running since before the first hook was installed, or the program of the hook does not exist or cannot be run by the daemon.",
            "The times of the hooks and of the daemon's start, and the path of the program.",
            "Reload or restart libvirt's daemon (`systemctl reload libvirtd`); a reload leaves no trace, so the finding stays until a restart. Install the program where libvirt can run it."),
    ];

    private static FindingDescription Of(string id, FindingSeverity severity, string title, string meaning, string detection, string remedy) =>
        new() { Id = id, Severity = severity, Title = title, Meaning = meaning, Detection = detection, Remedy = remedy };
}
