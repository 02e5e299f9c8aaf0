namespace Passthrough.Sdk.Readiness;

/// <content>Findings about a host that is not as its desired state says.</content>
public static partial class FindingIds
{
    /// <summary>The host does not have a device that the desired state selects.</summary>
    public const string StateDeviceNotFound = "state.device-not-found";

    /// <summary>A selector of the desired state means more devices than expected.</summary>
    public const string StateDeviceAmbiguous = "state.device-ambiguous";

    /// <summary>Items of the desired state want different things for the same device.</summary>
    public const string StateContradiction = "state.contradiction";

    /// <summary>There is no plan for something that the desired state needs.</summary>
    public const string StateNotPlannable = "state.not-plannable";

    /// <summary>A device has another driver than the desired state says.</summary>
    public const string StateDriverDiffers = "state.driver-differs";

    /// <summary>The host's files for every boot are not as the desired state says.</summary>
    public const string StateNotPersistent = "state.not-persistent";

    /// <summary>A physical function has another number of virtual functions than the desired state says.</summary>
    public const string StateVirtualFunctionCount = "state.virtual-function-count";

    /// <summary>A setting of virtual functions is not as the desired state says.</summary>
    public const string StateVirtualFunctionSetting = "state.virtual-function-setting";

    /// <summary>A mediated device of the desired state does not exist.</summary>
    public const string StateMediatedDeviceMissing = "state.mediated-device-missing";

    /// <summary>A mediated device has another type or parent than the desired state says, or exists although it should not.</summary>
    public const string StateMediatedDeviceDiffers = "state.mediated-device-differs";

    /// <summary>A kernel parameter is not configured as the desired state says.</summary>
    public const string StateParameterDiffers = "state.parameter-differs";

    /// <summary>A kernel parameter of the desired state takes effect with the next boot.</summary>
    public const string StateAwaitsReboot = "state.awaits-reboot";

    /// <summary>The hook of the desired state is not installed.</summary>
    public const string StateHookMissing = "state.hook-missing";

    /// <summary>The hook is not as the desired state says, was edited, or is installed although it should not be.</summary>
    public const string StateHookDiffers = "state.hook-differs";

    /// <summary>The hook of the desired state is installed, but libvirt does not call it, or cannot.</summary>
    public const string StateHookNotInEffect = "state.hook-not-in-effect";
}
