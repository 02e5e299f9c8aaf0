namespace Passthrough.Sdk.Readiness;

/// <content>Findings about the hook that libvirt calls before a domain starts.</content>
public static partial class FindingIds
{
    /// <summary>The hook that a plan would replace or remove was edited, or was written by another program.</summary>
    public const string StartHookEdited = "start-hook.edited";
}
