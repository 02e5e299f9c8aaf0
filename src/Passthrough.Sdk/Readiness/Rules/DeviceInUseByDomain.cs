using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Another running domain owns the device.</summary>
internal sealed class DeviceInUseByDomain : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceInUseByDomain,
            Severity = FindingSeverity.Error,
            Title = "another running domain owns the device",
            Meaning =
                "A device belongs to one guest at a time. libvirt says: Requested operation is not valid: PCI device ADDRESS is in "
                + "use by driver QEMU, domain NAME.",
            Detection = "The XML of every running domain (virDomainGetXMLDesc). Only where libvirt was asked.",
            Remedy = "Release it there first, or shut that domain down.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            if (context.Owners.TryGetValue(address, out var owner))
            {
                yield return FindingFactory.Of(
                    FindingIds.DeviceInUseByDomain,
                    FindingSeverity.Error,
                    $"{address} belongs to the running domain {owner}",
                    $"release it there first: passthrough release {address} --domain {owner}",
                    new Evidence("virDomainGetXMLDesc", owner));
            }
        }
    }
}
