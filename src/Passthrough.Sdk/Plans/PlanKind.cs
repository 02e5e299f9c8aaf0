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
}
