namespace Passthrough.Sdk.Plans;

/// <summary>The kinds of plans.</summary>
public enum PlanKind
{
    /// <summary>Devices go from the host to a domain.</summary>
    Assign = 0,

    /// <summary>Devices come from a domain back to the host.</summary>
    Release = 1,

    /// <summary>A physical function gets another number of virtual functions.</summary>
    VirtualFunctions = 2,

    /// <summary>The kernel's parameters and modules at the next boot change, in the boot loader's files.</summary>
    Boot = 3,

    /// <summary>The latest change of the boot configuration is taken back.</summary>
    RevertBoot = 4,
}
