namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Another running domain owns the device.</summary>
internal sealed class DeviceInUseByDomain : IReadinessRule
{
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
