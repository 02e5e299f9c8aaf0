using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a virtual function that would be removed although the definition of a domain uses it; the domain cannot
/// start without it.</summary>
internal sealed class VirtualFunctionInDefinition : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VirtualFunctionInDefinition,
            Severity = FindingSeverity.Error,
            Title = "the definition of a domain uses a virtual function that would be removed",
            Meaning =
                "The domain cannot start without it. libvirt 9.0 says: An error occurred, but the cause is unknown; newer "
                + "versions say: Device ADDRESS not found: could not access /sys/bus/pci/devices/ADDRESS/config: No such file or "
                + "directory.",
            Detection =
                "The persistent definition of every domain (virsh dumpxml --inactive), including those that are shut off, and the "
                + "pools of the networks of its interfaces. Only if libvirt was queried, and only for functions that the new number "
                + "does not create again.",
            Remedy = "Remove the function from the definition first (virsh detach-device NAME DEVICE.xml --config, or virsh edit NAME), or keep more functions.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceInUseByDomain];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            var uses = context.Uses.Where(use => !use.IsRunning && use.Device == address).ToList();
            if (uses.Count == 0)
            {
                continue;
            }

            var domains = uses.Select(use => use.Domain).Distinct().ToList();
            yield return FindingFactory.Of(
                [address],
                FindingIds.VirtualFunctionInDefinition,
                FindingSeverity.Error,
                $"{address} is used by the definition of {string.Join(", ", domains)}, which cannot start without it",
                $"remove it from there first (virsh edit {domains[0]}), or keep enough virtual functions",
                [.. uses.Select(use => new Evidence(use.Source, use.Element))]);
        }
    }
}
