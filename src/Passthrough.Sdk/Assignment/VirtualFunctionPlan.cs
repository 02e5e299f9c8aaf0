using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>How many virtual functions a physical function is to have, what stands against it, and what would be written.</summary>
/// <remarks>A plan is for applying soon: it was made for the host as it was. Thread safety: all members may be called at once.</remarks>
public sealed class VirtualFunctionPlan
{
    private readonly Func<TimeSpan, CancellationToken, Task<ImmutableArray<PciAddress>>> _apply;

    internal VirtualFunctionPlan(
        PciDevice device, int count, ImmutableArray<Finding> findings, Func<TimeSpan, CancellationToken, Task<ImmutableArray<PciAddress>>> apply)
    {
        PhysicalFunction = device.Address;
        Before = device.Details?.Sriov?.VirtualFunctions ?? device.VirtualFunctions.Length;
        Count = count;
        Leaving = Before == count ? [] : device.VirtualFunctions;
        Findings = findings;
        _apply = apply;
    }

    /// <summary>The physical function.</summary>
    public PciAddress PhysicalFunction { get; }

    /// <summary>How many it has now.</summary>
    public int Before { get; }

    /// <summary>How many it is to have.</summary>
    public int Count { get; }

    /// <summary>The virtual functions that would go: all there are, since the kernel changes the number by way of 0 only; empty where it stays.</summary>
    public ImmutableArray<PciAddress> Leaving { get; }

    /// <summary>What stands against it: domains that own virtual functions that would go, and what the host does with them.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>Whether one of <see cref="Findings"/> is an error.</summary>
    public bool IsRefused => Findings.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The values that would be written to <c>sriov_numvfs</c>, in order; empty when it has that many already.</summary>
    public ImmutableArray<int> Writes => Before == Count ? [] : Before == 0 || Count == 0 ? [Count] : [0, Count];

    /// <summary>Writes, waits for the driver, and verifies that the functions are there; where the second write fails, the number from before comes back.</summary>
    /// <param name="deadline">How long one write may last; null: one minute. A driver probes every virtual function meanwhile.</param>
    /// <param name="cancellationToken">Ends the waiting, not a write that is under way: nothing can.</param>
    /// <returns>The virtual functions that are there now, in the order of their indexes.</returns>
    /// <exception cref="AssignmentRefusedException">A guard refuses the plan. Nothing was changed.</exception>
    /// <exception cref="VirtualFunctionException">The kernel refused it, did not answer in time, or did not do what it said.</exception>
    public Task<ImmutableArray<PciAddress>> ApplyAsync(TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        IsRefused ? throw new AssignmentRefusedException(Findings) : _apply(deadline ?? TimeSpan.FromMinutes(1), cancellationToken);

    /// <summary>The dry run: every risk, every write.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{PhysicalFunction}: from {Before} to {Count} virtual functions\n");
        foreach (var finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {finding}\n    remedy: {finding.Remedy}\n");
        }

        foreach (var value in Writes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  echo {value} > /sys/bus/pci/devices/{PhysicalFunction}/sriov_numvfs\n");
        }

        return text.ToString();
    }
}
