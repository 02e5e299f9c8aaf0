using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Iommu;

/// <summary>Explains, by the kernel's own rules, why functions are in one group.</summary>
/// <remarks>
/// <para>
/// The kernel puts functions into one group when their requests could reach one another without passing the IOMMU: behind
/// a port or bridge that does not redirect requests upwards (source validation, request and completion redirect, upstream
/// forwarding all on), or as functions of one card without those (drivers/iommu/iommu.c, pci_device_group;
/// drivers/pci/pci.c, pci_acs_enabled). It also trusts some devices by their ids and can be told to trust all
/// (<c>pcie_acs_override</c>, in kernels patched for it): then a gap here has no consequence there, so a gap explains a group and does not
/// predict it.
/// </para>
/// <para>Thread safety: pure functions.</para>
/// </remarks>
public static class IsolationAnalysis
{
    // The first byte past the part of the configuration space that has no extended capabilities.
    private const int ExtendedStart = PciConfigurationSpace.StandardLength;

    /// <summary>Finds the reasons why the members of a group cannot be isolated from each other.</summary>
    /// <param name="group">The group.</param>
    /// <param name="devices">The host's functions, with <see cref="PciDevice.Details"/> at least of the members and of the bridges above them.</param>
    /// <returns>The gaps in the order of their addresses; empty for a group of one function.</returns>
    public static ValueList<IsolationGap> Explain(IommuGroup group, PciDeviceCollection devices)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(devices);
        if (group.Devices.Count < 2)
        {
            return [];
        }

        var gaps = new SortedDictionary<PciAddress, IsolationGap>();
        foreach (var member in group.Devices)
        {
            foreach (var bridge in BridgesAbove(member, group, devices))
            {
                Add(gaps, bridge, devices, isBridge: true);
            }

            if (group.Devices.Any(other => other != member && other.IsSameSlot(member)))
            {
                Add(gaps, member, devices, isBridge: false);
            }
        }

        return [.. gaps.Values];
    }

    /// <summary>Returns what one function lacks to isolate others.</summary>
    /// <param name="device">The function, with its details.</param>
    /// <param name="isBridge">Whether the function is checked as a bridge above others, or as one of several functions of a card.</param>
    /// <returns>The gap; null if there is none.</returns>
    public static IsolationGap? Check(PciDevice device, bool isBridge)
    {
        ArgumentNullException.ThrowIfNull(device);
        IsolationGap Gap(IsolationGapKind kind) => new(device.Address, kind, [], isBridge);

        if (device.Details?.Configuration is not { Header: not null } space || space.Bytes.Length < ExtendedStart)
        {
            return Gap(IsolationGapKind.Unknown);
        }

        switch (AccessControl.PortTypeOf(space))
        {
            case null or PciExpressPortType.PciExpressToPciBridge or PciExpressPortType.PciToPciExpressBridge:
                return Gap(IsolationGapKind.ConventionalPci);
            case PciExpressPortType.RootComplexEventCollector:
                return Gap(IsolationGapKind.NoAccessControl);
            case PciExpressPortType.UpstreamPort when isBridge && !IsMultifunction(space):
                // An upstream port has one way to go; its downstream ports decide.
                return null;
        }

        if (AccessControl.MissingOf(space) is { } missing)
        {
            return missing.IsEmpty ? null : Gap(IsolationGapKind.NotEnabled) with { Missing = missing };
        }

        return Gap(space.Bytes.Length > ExtendedStart ? IsolationGapKind.NoAccessControl : IsolationGapKind.Unknown);
    }

    private static bool IsMultifunction(PciConfigurationSpace space) => (space.Bytes.Span[0x0e] & 0x80) != 0;

    // Of the bridges above only those matter below which the group reaches: they are in it, or lead to two of its members.
    private static IEnumerable<PciAddress> BridgesAbove(PciAddress member, IommuGroup group, PciDeviceCollection devices)
    {
        if (!devices.TryGet(member, out var device) || device.Details is not { } details)
        {
            return [];
        }

        // Intel's VMD stands above its functions in sysfs, and is a controller and not a bridge.
        return details.Bridges.Where(bridge => !devices.TryGet(bridge, out var above) || above.ClassCode?.IsPciBridge != false).Where(bridge => group.Devices.Contains(bridge)
            || group.Devices.Any(other => other != member && devices.TryGet(other, out var sibling) && sibling.Details?.Bridges.Contains(bridge) == true && !other.IsSameSlot(member)));
    }

    private static void Add(SortedDictionary<PciAddress, IsolationGap> gaps, PciAddress address, PciDeviceCollection devices, bool isBridge)
    {
        if (gaps.ContainsKey(address))
        {
            return;
        }

        var gap = devices.TryGet(address, out var device) ? Check(device, isBridge) : new IsolationGap(address, IsolationGapKind.Unknown, [], isBridge);
        if (gap is not null)
        {
            gaps.Add(address, gap);
        }
    }
}
