namespace Passthrough.Sdk.Plans;

/// <summary>The kinds of steps. Each step can be verified and undone.</summary>
public enum PlanStepKind
{
    /// <summary>Takes the device from its host driver and binds it to VFIO (<c>virsh nodedev-detach</c>).</summary>
    DetachFromHost = 0,

    /// <summary>Adds the device to the domain's persistent definition (<c>virsh attach-device --config</c>).</summary>
    AddToDefinition = 1,

    /// <summary>Plugs the device into the running domain (<c>virsh attach-device --live</c>).</summary>
    AttachLive = 2,

    /// <summary>Unplugs the device from the running domain and waits until it has been removed (<c>virsh detach-device --live</c>).</summary>
    DetachLive = 3,

    /// <summary>Removes the device from the domain's persistent definition (<c>virsh detach-device --config</c>).</summary>
    RemoveFromDefinition = 4,

    /// <summary>Returns the device to the host's driver (<c>virsh nodedev-reattach</c>).</summary>
    ReturnToHost = 5,

    /// <summary>Sets the number of a physical function's virtual functions (<c>echo N &gt; sriov_numvfs</c>).</summary>
    SetVirtualFunctions = 6,

    /// <summary>Replaces a file of the boot configuration atomically, or restores its previous content.</summary>
    EditBootFile = 7,

    /// <summary>Runs a command that makes a change of the boot files take effect (<c>update-grub</c>).</summary>
    RunBootCommand = 8,

    /// <summary>Loads a module of the kernel (<c>modprobe</c>).</summary>
    LoadModule = 9,

    /// <summary>Binds a device to a driver by <c>driver_override</c>, or returns it to the driver that it had.</summary>
    BindDriver = 10,

    /// <summary>Chooses how the kernel resets a device (<c>reset_method</c>).</summary>
    ChooseResetMethod = 11,

    /// <summary>Resets a device (<c>reset</c>). It is the only kind of step that cannot be undone.</summary>
    ResetDevice = 12,

    /// <summary>Creates a mediated device (<c>mdev_supported_types/TYPE/create</c>, <c>mdevctl start</c>).</summary>
    CreateMediatedDevice = 13,

    /// <summary>Removes a mediated device (<c>/sys/bus/mdev/devices/UUID/remove</c>, <c>mdevctl stop</c>).</summary>
    RemoveMediatedDevice = 14,

    /// <summary>Writes, changes or removes the definition of a mediated device in mdevctl's files (<c>mdevctl define</c>, <c>mdevctl undefine</c>).</summary>
    EditMediatedDefinition = 15,

    /// <summary>Sets whether the host binds its drivers to new virtual functions (<c>echo 0 &gt; sriov_drivers_autoprobe</c>).</summary>
    SetDriverProbing = 16,

    /// <summary>Sets one setting of one virtual function (<c>ip link set DEVICE vf N vlan 100</c>).</summary>
    ConfigureVirtualFunction = 17,

    /// <summary>Writes, replaces or removes a rule file of udev, and reloads the rules (<c>udevadm control --reload</c>).</summary>
    WriteRuleFile = 18,

    /// <summary>Writes, replaces or removes the hook that libvirt calls before a domain starts (<c>/etc/libvirt/hooks/qemu.d/passthrough</c>).</summary>
    WriteStartHook = 19,

    /// <summary>Adds PCI controllers, such as root ports, to the domain's persistent definition (<c>virsh edit</c>).</summary>
    AddPorts = 20,
}
