using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>Descriptions of findings that come from the comparison of a host with its desired state.</summary>
internal static class StateFindings
{
    private const string Apply = "Plan the desired state and apply the plan (`PassthroughHost.PlanState`), or change the document to describe the host as it is.";

    public static ValueList<FindingDescription> All { get; } =
    [
        Of(FindingIds.StateDeviceNotFound, FindingSeverity.Error, "the host does not have a device that the desired state selects",
            "The device was moved to another slot, replaced by another one, or switched off in the firmware's settings; or the selector is wrong. A plan is refused, because another device must not be taken instead.",
            "The selectors are compared with the address, the ids, the class and the serial number of every function. If a selector names an address without ids, the function is also compared with the device that a rule file of this library names for that address.",
            "Correct the selector, or the host. If another device is meant from now on, add its ids to the selector. To apply the rest of the state without the device, accept the finding."),
        Of(FindingIds.StateDeviceAmbiguous, FindingSeverity.Error, "a selector of the desired state selects more devices than expected",
            "Several devices have all the values that the selector names, for example two cards of the same model. A plan is refused, because it would have to guess.",
            "The selectors are compared with the address, the ids, the class and the serial number of every function, and the matches are counted. If a value is not known, for example because only root can read serial numbers, the finding is undetermined, and a plan is refused as well.",
            "Add the address or the serial number to the selector, or set `count` to the number of devices that it should select."),
        Of(FindingIds.StateContradiction, FindingSeverity.Error, "items of the desired state require different things of the same device",
            "Two items select the same device on this host and require different drivers; or one requires virtual functions of a device that the other one keeps for guests. Nothing is done with the device.",
            "The items that select the same function are compared with each other.",
            "Change one of the selectors so that it does not select the device, or remove one of the items."),
        Of(FindingIds.StateNotPlannable, FindingSeverity.Error, "a part of the desired state cannot be planned",
            "The part is not possible on this host: the device does not support SR-IOV, the parent does not have the mediated type, or the boot loader is not known.",
            "The finding contains the error. Only plans report it.",
            "Correct the state or the host as the error says. To apply the rest of the state without this part, accept the finding."),
        Of(FindingIds.StateDriverDiffers, FindingSeverity.Warning, "a device has another driver than the desired state says",
            "The device was never bound to the driver, or was bound to another one afterwards; or a device that should not be kept for guests has a driver for guests.",
            "The driver of the device is compared with the state; for a device that should not be kept for guests, also its driver_override.", Apply),
        Of(FindingIds.StateNotPersistent, FindingSeverity.Warning, "the host's files for every boot are not as the desired state says",
            "After the next boot, the device would have another driver, other virtual functions would exist, or the mediated device would be missing.",
            "The rule files in /etc/udev/rules.d that this library writes, the files of driverctl and Unraid, and the definitions in /etc/mdevctl.d are compared with the state. A file that cannot be understood makes the finding undetermined.", Apply),
        Of(FindingIds.StateVirtualFunctionCount, FindingSeverity.Warning, "a physical function has another number of virtual functions than the desired state says",
            "The number was never set or was changed afterwards, or the driver of the physical function was loaded again, which removes the virtual functions.",
            "The file sriov_numvfs of the physical function is compared with the state.", Apply),
        Of(FindingIds.StateVirtualFunctionSetting, FindingSeverity.Warning, "a setting of virtual functions is not as the desired state says",
            "A MAC address, a VLAN, trust, the spoof check or sriov_drivers_autoprobe was changed. The kernel forgets these settings at a reboot, and when the virtual function is removed.",
            "The settings that the physical function's interface reports (`ip link show`), and sriov_drivers_autoprobe, are compared with the state. If the driver does not report a setting, the finding is undetermined.", Apply),
        Of(FindingIds.StateMediatedDeviceMissing, FindingSeverity.Warning, "a mediated device of the desired state does not exist",
            "The device was never created or was removed afterwards, or the driver of its parent was loaded again.", "The UUID is searched for in /sys/bus/mdev/devices.", Apply),
        Of(FindingIds.StateMediatedDeviceDiffers, FindingSeverity.Error, "a mediated device is not as the desired state says",
            "A device with the UUID exists, but has another type or another parent; or it exists, or is defined, although it should not.",
            "The parent and the link mdev_type of the device in /sys/bus/mdev/devices, and the definitions in /etc/mdevctl.d, are compared with the state. If the parent or the type cannot be read, the finding is undetermined.",
            "A device of another type is never replaced, because somebody may use it: choose another UUID, or remove the device first. A device that should not exist is removed by a plan."),
        Of(FindingIds.StateParameterDiffers, FindingSeverity.Warning, "a kernel parameter is not configured as the desired state says",
            "The next boot would be without a parameter that should be set, or with one that should not be set.", "The configuration of the boot loader is read (`passthrough boot status` shows it).", Apply + " Then reboot."),
        Of(FindingIds.StateAwaitsReboot, FindingSeverity.Info, "a kernel parameter of the desired state takes effect with the next boot",
            "A running kernel keeps the parameters with which it was booted.", "/proc/cmdline is compared with the state.", "Reboot when the parameter is configured, then check the state again."),
        Of(FindingIds.StateHookMissing, FindingSeverity.Warning, "the hook of the desired state is not installed",
            "libvirt starts domains without asking the guards.", "The file /etc/libvirt/hooks/qemu.d/passthrough (on Xen in libxl.d) does not exist.", Apply),
        Of(FindingIds.StateHookDiffers, FindingSeverity.Warning, "the hook is not as the desired state says",
            "The hook calls another program, decides differently if the program fails, or was edited; or it is installed although it should not be.",
            "The options and the hash in the header of the hook are compared with the state and with its content.", Apply),
        Of(FindingIds.StateHookNotInEffect, FindingSeverity.Warning, "the hook of the desired state is installed, but has no effect",
            "libvirt's daemon was started before the first hook was installed; or the program of the hook does not exist, or the daemon cannot run it.",
            "The time of the daemon's start is compared with the times of the hooks, and the path of the program is checked.",
            "Reload or restart libvirt's daemon (`systemctl reload libvirtd`); a reload leaves no trace, so the finding stays until a restart. Install the program where libvirt can run it."),
    ];

    private static FindingDescription Of(string id, FindingSeverity severity, string title, string meaning, string detection, string remedy) =>
        new() { Id = id, Severity = severity, Title = title, Meaning = meaning, Detection = detection, Remedy = remedy };
}
