namespace Passthrough.Sdk.Starts;

/// <summary>Whether libvirt asks the guards before it starts a domain.</summary>
public enum StartHookState
{
    /// <summary>It is not known, because a file cannot be read.</summary>
    Unknown = 0,

    /// <summary>No hook of this library is installed.</summary>
    Absent = 1,

    /// <summary>libvirt's daemon calls the hook, or will when it starts.</summary>
    InEffect = 2,

    /// <summary>The hook is installed, but libvirt's daemon has been running since before, and calls it only if it was told to reload since (<c>systemctl reload libvirtd</c>).</summary>
    NotInEffect = 3,

    /// <summary>The hook is installed, but the program that it calls does not exist.</summary>
    ProgramMissing = 4,

    /// <summary>The hook is installed, but AppArmor does not let libvirt's daemon run the program where it is.</summary>
    ProgramOutOfReach = 5,
}
