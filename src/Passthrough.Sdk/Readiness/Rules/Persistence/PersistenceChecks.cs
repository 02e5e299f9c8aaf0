using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Compares what is configured for every boot with the host, for the devices in question.</summary>
internal static class PersistenceChecks
{
    /// <summary>Returns the results for the devices to check and their moved ones; all results if only the host is checked.</summary>
    public static ValueList<PersistenceCheck> Of(ReadinessContext context) => context.System.Persistence.Check(context.Snapshot.Devices) is var all && context.Addresses.IsEmpty
        ? all
        : [.. all.Where(check => context.Addresses.Contains(check.Device.Address) || check.FoundAt.Any(place => context.Addresses.Contains(place)))];
}
