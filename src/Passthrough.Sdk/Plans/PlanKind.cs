namespace Passthrough.Sdk.Plans;

/// <summary>The kinds of plans.</summary>
public enum PlanKind
{
    /// <summary>Assigns devices of the host to a domain.</summary>
    Assign = 0,

    /// <summary>Releases devices from a domain and returns them to the host.</summary>
    Release = 1,

    /// <summary>Changes the number of virtual functions of a physical function.</summary>
    VirtualFunctions = 2,

    /// <summary>Changes the kernel parameters and modules for the next boot, in the boot loader's files.</summary>
    Boot = 3,

    /// <summary>Reverts the latest change of the boot configuration.</summary>
    RevertBoot = 4,

    /// <summary>Binds devices to VFIO or to another driver, without libvirt.</summary>
    Bind = 5,

    /// <summary>Returns devices to the drivers that they had before they were bound.</summary>
    Unbind = 6,

    /// <summary>Resets devices.</summary>
    Reset = 7,

    /// <summary>Creates a mediated device.</summary>
    CreateMediatedDevice = 8,

    /// <summary>Removes a mediated device.</summary>
    RemoveMediatedDevice = 9,

    /// <summary>Binds devices, or creates virtual functions, at every boot.</summary>
    Persist = 10,

    /// <summary>Removes what binds devices, or creates virtual functions, at every boot.</summary>
    Unpersist = 11,

    /// <summary>Installs the hook through which libvirt asks the guards before a domain starts.</summary>
    InstallStartHook = 12,

    /// <summary>Removes the hook through which libvirt asks the guards before a domain starts.</summary>
    RemoveStartHook = 13,

    /// <summary>Makes a host as its desired state says, by plans of other kinds.</summary>
    State = 14,

    /// <summary>Assigns devices to several domains, or releases them, as one plan.</summary>
    Combined = 15,
}
