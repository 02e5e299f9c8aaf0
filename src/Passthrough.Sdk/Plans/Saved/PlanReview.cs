using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>Compares a plan that was made again with the saved one that was reviewed.</summary>
internal static class PlanReview
{
    /// <summary>Refuses a saved plan that was made on another host, in another boot, or for another device.</summary>
    /// <param name="saved">The saved plan.</param>
    /// <param name="now">This host.</param>
    /// <param name="isThisMachine">Whether the host is this machine, or a fake that stands for one; false for files of a host in a directory.</param>
    /// <exception cref="SavedPlanException">The plan is refused.</exception>
    public static void RefuseOtherHost(PlanDocument saved, PlanDocumentHost now, bool isThisMachine)
    {
        var then = saved.Host;
        var isSameBoot = then.Boot.Length > 0 && then.Boot == now.Boot;
        if (!isSameBoot && !IsSameMachine(then, now, isThisMachine))
        {
            throw new SavedPlanException(
                SavedPlanProblem.OtherHost,
                then.Machine.Length > 0 && now.Machine.Length > 0
                    ? $"the plan to {saved.Purpose} was made on another host; make a new plan on this one"
                    : $"cannot tell whether the plan to {saved.Purpose} was made on this host: {(then.Machine.Length > 0 ? "/etc/machine-id cannot be read" : "the plan does not contain the id of its machine")}; make a new plan");
        }

        // Files outlive a boot. Drivers, addresses and who uses a device do not.
        if (!isSameBoot && saved.Kind is not (PlanKind.Boot or PlanKind.RevertBoot))
        {
            throw new SavedPlanException(
                SavedPlanProblem.OtherBoot, $"the host was rebooted after the plan to {saved.Purpose} was made, so its devices may have changed; make a new plan");
        }

        foreach (var device in then.Devices)
        {
            if (now.Devices.FirstOrDefault(known => known.Address == device.Address) is { } present && present.Identity != device.Identity)
            {
                throw new SavedPlanException(
                    SavedPlanProblem.OtherDevice,
                    $"the device at {device.Address} is not the one that was there when the plan was made ({present.Identity} now, {device.Identity} then: vendor, device, subsystem, class); make a new plan");
            }
        }
    }

    /// <summary>Refuses a plan whose steps differ from those that the saved one showed. A plan that a guard now refuses does nothing and is accepted.</summary>
    /// <exception cref="SavedPlanException">The plan is refused.</exception>
    public static void RefuseOtherSteps(PlanDocument saved, PlanDocument now, ValueList<string> acceptedNow)
    {
        if (now.Refused)
        {
            return;
        }

        for (var i = 0; i < Math.Max(saved.Steps.Length, now.Steps.Length); i++)
        {
            var (then, current) = (i < saved.Steps.Length ? saved.Steps[i] : null, i < now.Steps.Length ? now.Steps[i] : null);
            if (then != current)
            {
                throw Differ(saved, $"step {i + 1} was '{Say(then)}' and would now be '{Say(current)}'");
            }
        }

        foreach (var file in now.Boot?.Files ?? [])
        {
            if (!saved.Boot!.Files.Contains(file))
            {
                throw Differ(saved, $"the change of {file.Path} would now be different");
            }
        }

        foreach (var finding in now.Findings.Where(finding => now.Accepted.Contains(finding.Id) && !acceptedNow.Contains(finding.Id)))
        {
            if (!saved.Findings.Any(shown => shown.Id == finding.Id && shown.Title == finding.Title))
            {
                throw new SavedPlanException(
                    SavedPlanProblem.FindingsDiffer, $"{finding.Id} was accepted, but for another finding than this one: {finding.Title}; make a new plan and review it");
            }
        }
    }

    // Where neither side has a name, the files of a directory are known by their place, and every change of them by its content.
    private static bool IsSameMachine(PlanDocumentHost then, PlanDocumentHost now, bool isThisMachine) => then.Machine.Length > 0
        ? then.Machine == now.Machine
        : now.Machine.Length == 0 && !isThisMachine && then.Source == now.Source;

    private static string Say(PlanStep? step) => step is null ? "nothing" : $"{step.Description} ({step.Command.Split('\n')[0]})";

    private static SavedPlanException Differ(PlanDocument saved, string what) =>
        new(SavedPlanProblem.StepsDiffer, $"the plan to {saved.Purpose} is no longer what was reviewed: {what}; make a new plan");
}
