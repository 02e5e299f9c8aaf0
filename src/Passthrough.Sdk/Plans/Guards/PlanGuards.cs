using System.Collections.Frozen;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Guards;

/// <summary>Decides which findings refuse a plan and which of them can be accepted, for every kind of plan.</summary>
internal static class PlanGuards
{
    // What accepting would not make possible, or would make of two plans or two guests one disaster.
    private static readonly FrozenSet<string> NotAcceptable = FrozenSet.Create(
        StringComparer.Ordinal,
        FindingIds.DeviceNotFound,
        FindingIds.DeviceMoved,
        FindingIds.DeviceIsBridge,
        FindingIds.DeviceUnresponsive,
        FindingIds.DeviceInUseByDomain,
        FindingIds.DeviceHasOpenHandles,
        FindingIds.DeviceHasActiveVirtualFunctions,
        FindingIds.GroupNotViable,
        FindingIds.GroupInUseByDomain,
        FindingIds.DomainNoFreeSlot,
        FindingIds.DomainDeviceByHand,
        FindingIds.DeviceResetReachesOthers,
        FindingIds.PlanSharedSlot,
        FindingIds.PlanUnfinished);

    // The findings of devices that are errors where they are established: what protects data, the network, other guests.
    private static readonly FrozenSet<string> OfDevices = ReadinessRules.OfDevices
        .SelectMany(rule => rule.Describes)
        .Where(description => description.Severity == FindingSeverity.Error)
        .Select(description => description.Id)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Returns whether a finding alone refuses a plan: an error, or a guard of a device that could not be determined. Another file for the same
    /// device is a warning of the doctor and an error of a plan that adds one. A plan for a state must know which devices the state means, and a change of a
    /// definition, whether the definition counts.
    /// </summary>
    public static bool Speaks(Finding finding) =>
        finding.Severity == FindingSeverity.Error
        || (finding.IsUndetermined && (OfDevices.Contains(finding.Id)
            || finding is { Id: FindingIds.PersistenceConflict, PossibleSeverity: FindingSeverity.Error }
            || finding is { Id: FindingIds.StateDeviceNotFound or FindingIds.StateDeviceAmbiguous or FindingIds.DomainManagedSave }));

    /// <summary>Whether a finding that is folded under another, known or undetermined, would refuse the plan if it stood alone.</summary>
    private static bool SpeaksFolded(Finding consequence) => OfDevices.Contains(consequence.Id);

    /// <summary>Returns whether a finding refuses a plan for which these findings were accepted. Findings below an accepted one are not accepted with it.</summary>
    public static bool Refuses(Finding finding, ValueList<string> accepted) =>
        Speaks(finding) && (!IsAccepted(finding, accepted)
            || finding.Consequences.Any(consequence => SpeaksFolded(consequence) && !(accepted.Contains(consequence.Id) && CanBeAccepted(consequence))));

    /// <summary>Returns whether a finding would refuse the plan and was accepted.</summary>
    public static bool IsAccepted(Finding finding, ValueList<string> accepted) =>
        Speaks(finding) && accepted.Contains(finding.Id) && CanBeAccepted(finding);

    /// <summary>Returns the ids of the findings that would refuse the plan and were accepted, each once.</summary>
    public static ValueList<string> Overruled(IEnumerable<Finding> findings, ValueList<string> accepted) =>
        [.. findings.Where(finding => IsAccepted(finding, accepted)).Select(finding => finding.Id).Distinct()];

    /// <summary>Returns whether the operator may accept it. If the answer is unknown, the operator may know it.</summary>
    public static bool CanBeAccepted(Finding finding) => finding.IsUndetermined || (!NotAcceptable.Contains(finding.Id) && !HoldsRoot(finding));

    // No host goes on without its root file system.
    private static bool HoldsRoot(Finding finding) =>
        finding.Id == FindingIds.DeviceHoldsMountedFileSystem && finding.Evidence.Any(evidence => evidence.Value.StartsWith("/ (", StringComparison.Ordinal));

    /// <summary>Returns the findings that refuse a plan, in order; those below another finding are represented by it.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="accepted">The accepted ids.</param>
    /// <param name="shown">The findings that the plan showed when the ids were accepted; null if every finding with an accepted id counts.</param>
    public static ValueList<Finding> Refusing(IEnumerable<Finding> findings, ValueList<string> accepted, ValueList<Finding>? shown = null) =>
        [.. findings.Where(finding => Refuses(finding, accepted) || (IsAccepted(finding, accepted) && shown is { } known && !known.Any(other => IsSame(finding, other))))];

    /// <summary>Describes findings that refuse a part of an undo, in one line: each with its id and its remedy.</summary>
    public static string Describe(IEnumerable<Finding> refusing) => string.Join("; ", refusing.Select(finding => $"{finding.Title} [{finding.Id}]: {finding.Remedy}"));

    private static bool IsSame(Finding finding, Finding other) => finding.Id == other.Id && finding.Title == other.Title;

    /// <summary>Checks that every accepted id is the id of a finding.</summary>
    /// <exception cref="ArgumentException">An id is not.</exception>
    public static void Check(ValueList<string> accepted)
    {
        if (accepted.FirstOrDefault(id => FindingCatalog.Find(id) is null) is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' cannot be accepted: no finding has this id; see FindingIds", nameof(accepted));
        }
    }
}
