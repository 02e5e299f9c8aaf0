using Passthrough.Sdk.Host;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk;

/// <content>The guards before a domain starts, and the hook through which libvirt asks them.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public StartCheck CheckStart(string domainXml)
    {
        ArgumentNullException.ThrowIfNull(domainXml);
        return StartChecker.Check(domainXml, devices => Capture(new CaptureOptions { DetailsOf = devices, Isolation = true, OpenHandles = true }));
    }

    /// <inheritdoc/>
    public StartHookStatus ReadStartHook() => StartHookFile.Read(Sysfs, IsXen(Capture()));

    /// <inheritdoc/>
    public DevicePlan PlanStartHook(StartHookOptions hook, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _ = StartHookScript.Write(hook); // a bad command is an error of the caller, now
        return PlanDevices(
            PlanKind.InstallStartHook,
            "let libvirt ask the guards before each start of a domain",
            [],
            new() { HookCommand = [.. hook.Command], AllowsOnFailure = hook.AllowsOnFailure },
            libvirt: null,
            options,
            (snapshot, _, _, _) => StartHookPlanner.Plan(Sysfs, FilesDirectory ?? "/", IsXen(snapshot), hook));
    }

    /// <inheritdoc/>
    public DevicePlan PlanStartHookRemoval(PlanOptions? options = null) => PlanDevices(
        PlanKind.RemoveStartHook,
        "no longer let libvirt ask the guards before each start of a domain",
        [],
        new(),
        libvirt: null,
        options,
        (snapshot, _, _, _) => StartHookPlanner.Plan(Sysfs, FilesDirectory ?? "/", IsXen(snapshot), options: null));

    private static bool IsXen(HostSnapshot snapshot) => snapshot.System.Environment.Xen.IsDom0.Value;
}
