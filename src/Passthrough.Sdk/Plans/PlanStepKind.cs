namespace Passthrough.Sdk.Plans;

/// <summary>The things a plan can do, each of which can be verified and taken back.</summary>
public enum PlanStepKind
{
    /// <summary>Take the device from its host driver and bind it to VFIO (<c>virsh nodedev-detach</c>).</summary>
    DetachFromHost = 0,

    /// <summary>Add the device to the domain's persistent definition (<c>virsh attach-device --config</c>).</summary>
    AddToDefinition = 1,

    /// <summary>Plug the device into the running domain (<c>virsh attach-device --live</c>).</summary>
    AttachLive = 2,

    /// <summary>Unplug the device from the running domain and wait until it has gone (<c>virsh detach-device --live</c>).</summary>
    DetachLive = 3,

    /// <summary>Remove the device from the domain's persistent definition (<c>virsh detach-device --config</c>).</summary>
    RemoveFromDefinition = 4,

    /// <summary>Give the device back to the host's driver (<c>virsh nodedev-reattach</c>).</summary>
    ReturnToHost = 5,

    /// <summary>Set the number of a physical function's virtual functions (<c>echo N &gt; sriov_numvfs</c>).</summary>
    SetVirtualFunctions = 6,

    /// <summary>Replace a file of the boot configuration in one step, or put its old content back.</summary>
    EditBootFile = 7,

    /// <summary>Run a command that makes a change of the boot files take effect (<c>update-grub</c>).</summary>
    RunBootCommand = 8,
}
