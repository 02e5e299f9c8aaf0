namespace Passthrough.Sdk.DesiredState;

/// <summary>What a difference needs. The order is the order of the parts of a plan.</summary>
/// <remarks>
/// The hook first, so that the starts of domains are guarded meanwhile, and last if it goes. What goes before what comes: a function that is
/// kept for guests has no virtual functions. Rule files go before the bindings that they would make again. Virtual functions come before the
/// bindings to them, and those before mediated devices, whose parents may be among them. Kernel parameters change nothing before a
/// reboot, and generating a boot menu may last long.
/// </remarks>
internal enum StateAction
{
    InstallHook,
    RemoveMediatedDevice,
    Unpersist,
    UnpersistFunctions,
    Unbind,
    SetFunctions,
    PersistFunctions,
    Bind,
    Persist,
    CreateMediatedDevice,
    ChangeBoot,
    RemoveHook,
}
