using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>What changed between two lists of findings.</summary>
internal sealed record FindingChanges(ValueList<Finding> Appeared, ValueList<Finding> Resolved)
{
    public bool IsEmpty => Appeared.IsEmpty && Resolved.IsEmpty;

    /// <summary>Compares two lists; evidence and remedy do not make another finding, because a number in them may change at each capture.</summary>
    public static FindingChanges Between(IEnumerable<Finding> before, IEnumerable<Finding> after)
    {
        var (old, now) = (before.ToList(), after.ToList());
        return new([.. now.ExceptBy(old.Select(KeyOf), KeyOf)], [.. old.ExceptBy(now.Select(KeyOf), KeyOf)]);
    }

    private static (string Id, FindingSeverity Severity, bool IsUndetermined, ValueList<Pci.PciAddress> Devices) KeyOf(Finding finding) =>
        (finding.Id, finding.Severity, finding.IsUndetermined, finding.Devices);
}
