namespace Passthrough.Sdk.Readiness;

/// <content>Findings about the hook that libvirt calls before a domain starts.</content>
public static partial class FindingIds
{
    /// <summary>The hook that a plan would replace or remove was edited, or was written by another program.</summary>
    public const string StartHookEdited = "start-hook.edited";

    /// <summary>AppArmor does not let libvirt's daemon run the program of the hook, so that no domain with devices of the host would start.</summary>
    public const string StartHookOutOfReach = "start-hook.out-of-reach";
}
