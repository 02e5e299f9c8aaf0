namespace Passthrough.Sdk.Assignment;

/// <summary>The things a plan can do, each of which can be verified and taken back.</summary>
public enum AssignmentStepKind
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
}
