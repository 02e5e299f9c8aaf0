using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares the hook through which libvirt asks the guards.</summary>
internal static class HookComparison
{
    private static readonly string Install = StateRemedy.Apply("passthrough hook install");

    public static void Compare(StateComparison comparison, HookState wanted)
    {
        if (comparison.Facts.Hook is not { } hook || hook is { State: StartHookState.Unknown, IsEdited: false, Options: null })
        {
            var known = comparison.Facts.Hook;
            comparison.Tell(FindingFactory.UndeterminedOfHost(
                FindingIds.StateHookMissing, "whether the hook is installed", Fact.Unknown<string>(known?.File ?? StartHookFile.Hooks, known?.Reason ?? "a captured host does not contain it"), FindingSeverity.Warning));
        }
        else if (wanted.IsAbsent)
        {
            if (hook.State != StartHookState.Absent)
            {
                comparison.Owe(Of(FindingIds.StateHookDiffers, hook, $"the hook {hook.File} is installed, but should not be", StateRemedy.Apply("passthrough hook remove")), new(StateAction.RemoveHook));
            }
        }
        else if (hook.State == StartHookState.Absent)
        {
            comparison.Owe(Of(FindingIds.StateHookMissing, hook, $"the hook {hook.File} is not installed", Install), new(StateAction.InstallHook));
        }
        else if (hook.IsEdited || hook.Options is not { } options || !IsAs(options, wanted))
        {
            comparison.Owe(
                Of(FindingIds.StateHookDiffers, hook, hook.IsEdited ? $"the hook {hook.File} was edited" : $"the hook {hook.File} does not call the program that the state names, or decides differently if that program fails", Install),
                new(StateAction.InstallHook));
        }
        else if (hook.State == StartHookState.Unknown)
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(FindingIds.StateHookNotInEffect, "whether libvirt calls the hook", Fact.Unknown<string>(hook.File, hook.Reason), FindingSeverity.Warning));
        }
        else if (hook.State != StartHookState.InEffect)
        {
            comparison.Tell(Of(
                FindingIds.StateHookNotInEffect, hook, $"the hook {hook.File} is installed, but has no effect: {hook.Reason}",
                hook.State == StartHookState.NotInEffect ? "restart libvirt's daemon; if you have only reloaded it, ignore this finding, because a reload leaves no trace" : "install the program where libvirt can run it (docs/guarded-starts.md)"));
        }
    }

    private static bool IsAs(StartHookOptions options, HookState wanted) => (wanted.Command.IsEmpty || options.Command == wanted.Command) && options.AllowsOnFailure == wanted.AllowsOnFailure;

    private static Finding Of(string id, StartHookStatus hook, string title, string remedy) =>
        FindingFactory.OfHost(id, FindingSeverity.Warning, title, remedy, new Evidence(hook.File, hook.Reason));
}
