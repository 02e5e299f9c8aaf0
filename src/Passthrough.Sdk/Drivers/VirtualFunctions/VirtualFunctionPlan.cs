using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>A plan that changes the number of virtual functions of a physical function.</summary>
/// <remarks>
/// The kernel requires that the number is set to 0 before another number, so all virtual functions are removed first. If a step fails,
/// the previous number is restored. Thread safety: as <see cref="Plan"/>.
/// </remarks>
public sealed class VirtualFunctionPlan : Plan
{
    private readonly Func<VirtualFunctionPlan, IProgress<PlanProgress>?, CancellationToken, Task> _apply;

    internal VirtualFunctionPlan(
        PciDevice device,
        int count,
        ValueList<Finding> findings,
        ValueList<string> accepted,
        Func<VirtualFunctionPlan, IProgress<PlanProgress>?, CancellationToken, Task> apply)
        : base(
            PlanKind.VirtualFunctions,
            string.Create(CultureInfo.InvariantCulture, $"change {device.Address} from {CountOf(device)} to {count} virtual functions"),
            DevicesOf(device, count),
            StepsOf(device, count),
            findings,
            accepted)
    {
        PhysicalFunction = device.Address;
        Before = CountOf(device);
        Count = count;
        Leaving = LeavingOf(device, count);
        Writes = WritesOf(device, count);
        _apply = apply;
    }

    /// <summary>Gets the physical function.</summary>
    public PciAddress PhysicalFunction { get; }

    /// <summary>Gets the current number of virtual functions.</summary>
    public int Before { get; }

    /// <summary>Gets the requested number.</summary>
    public int Count { get; }

    /// <summary>Gets the virtual functions that the plan removes: all existing ones, because the number must be set to 0 first; empty if the number does not change.</summary>
    public ValueList<PciAddress> Leaving { get; }

    /// <summary>Gets the values that would be written to <c>sriov_numvfs</c>, in order; empty if the function already has that number.</summary>
    public ValueList<int> Writes { get; }

    /// <summary>The URI of the libvirt that was asked; null if none was.</summary>
    internal string? Connection { get; init; }

    private protected override PlanDocument Complete(PlanDocument document) => document with { VirtualFunctions = Count, Connection = Connection };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);

    private static int CountOf(PciDevice device) => device.Details?.Sriov?.VirtualFunctions ?? device.VirtualFunctions.Count;

    private static ValueList<PciAddress> LeavingOf(PciDevice device, int count) => CountOf(device) == count ? [] : device.VirtualFunctions;

    /// <summary>The physical function and all that may come or go: nothing else may be planned for any of them meanwhile.</summary>
    internal static ValueList<PciAddress> DevicesOf(PciDevice device, int count) =>
        CountOf(device) == count ? [device.Address] : [device.Address, .. device.VirtualFunctions.Union(ComingOf(device, count))];

    // PCI: a virtual function's routing id (bus, slot, function) is that of the physical one, the offset, and its index times the stride.
    private static IEnumerable<PciAddress> ComingOf(PciDevice device, int count)
    {
        if (device.Details?.Sriov is not { Offset: { } offset, Stride: { } stride })
        {
            yield break;
        }

        var address = device.Address;
        for (var index = 0; index < count; index++)
        {
            var id = (address.Bus << 8 | address.Slot << 3 | address.Function) + offset + (index * stride);
            if (id > ushort.MaxValue)
            {
                yield break; // beyond the last bus
            }

            yield return new(address.Domain, (byte)(id >> 8), (byte)(id >> 3 & 0x1f), (byte)(id & 7));
        }
    }

    private static ValueList<int> WritesOf(PciDevice device, int count) => CountOf(device) is var before && before == count ? []
        : before == 0 || count == 0 ? [count]
        : [0, count];

    private static ValueList<PlanStep> StepsOf(PciDevice device, int count) =>
        [.. WritesOf(device, count).Select((value, i) => SetVirtualFunctions.Describe(i + 1, device.Address, CountOf(device), value))];
}
