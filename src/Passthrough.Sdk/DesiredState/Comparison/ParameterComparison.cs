using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares a kernel parameter: configured for the next boot, and in effect in the running kernel.</summary>
internal static class ParameterComparison
{
    /// <summary>Returns the change of the boot configuration for these parameters.</summary>
    public static BootChange ChangeOf(params ValueList<ParameterState> items) => new()
    {
        Add = [.. items.Where(item => !item.IsAbsent).Select(item => BootParameter.Parse(item.Parameter))],
        Remove = [.. items.Where(item => item.IsAbsent).Select(item => item.Parameter)],
        Reasons = [.. items.Select(item => item.IsAbsent ? $"the desired state is without {item.Parameter}" : $"the desired state is with {item.Parameter}")],
    };

    /// <summary>Returns the parameters that the running kernel does not have as they should be.</summary>
    public static ValueList<ParameterState> Awaited(StateComparison comparison, ValueList<ParameterState> items) =>
        comparison.Facts.Boot.Running is { IsKnown: true } running ? [.. items.Where(item => !Fits(running, item))] : [];

    /// <summary>Returns whether these parameters switch the IOMMU on, which the running kernel leaves off: nothing else explains that it has none.</summary>
    public static bool SwitchIommuOn(StateComparison comparison, ValueList<ParameterState> awaited)
    {
        if (awaited.IsEmpty || comparison.Facts.Boot.Running is not { IsKnown: true, Value: { } running })
        {
            return false;
        }

        var system = comparison.Facts.Snapshot.System;
        var (now, then) = (KernelCommandLine.Parse(running), KernelCommandLine.Parse(CommandLineEdit.Apply(running, ChangeOf(awaited))));
        return (IommuOutlook.IsOnWith(then, system) == true && IommuOutlook.IsOnWith(now, system) != true)

            // Without ACPI, the kernel does not see the firmware's tables.
            || (IommuParameters.AcpiOffBy(now) is not null && IommuParameters.AcpiOffBy(then) is null);
    }

    public static void Compare(StateComparison comparison, ParameterState item)
    {
        var (running, configured) = (comparison.Facts.Boot.Running, comparison.Facts.Boot.Configured);
        var should = item.IsAbsent ? "not be set" : "be set";
        if (!configured.IsKnown)
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(FindingIds.StateParameterDiffers, $"whether {item.Parameter} is configured for the next boot", configured, FindingSeverity.Warning));
        }
        else if (!Fits(configured, item))
        {
            comparison.Owe(
                FindingFactory.OfHost(
                    FindingIds.StateParameterDiffers,
                    FindingSeverity.Warning,
                    $"the kernel parameter {item.Parameter} should {should} at the next boot, and is {(item.IsAbsent ? "" : "not ")}configured",
                    $"apply the state, then reboot, or: passthrough boot apply --{(item.IsAbsent ? "remove" : "add")} {item.Parameter}",
                    configured.ToEvidence()),
                new(StateAction.ChangeBoot) { Parameter = item });
        }

        if (!running.IsKnown)
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(FindingIds.StateAwaitsReboot, $"whether the running kernel has {item.Parameter}", running, FindingSeverity.Info));
        }
        else if (!Fits(running, item))
        {
            comparison.Tell(FindingFactory.OfHost(
                FindingIds.StateAwaitsReboot,
                FindingSeverity.Info,
                $"the kernel parameter {item.Parameter} should {should}, and the running kernel has it {(item.IsAbsent ? "still" : "not")}",
                "reboot when it is configured, then check the state again",
                running.ToEvidence()));
        }
    }

    private static bool Fits(Fact<string> line, ParameterState item) => CommandLineEdit.Compute([line.Value!], ChangeOf(item)).IsEmpty;
}
