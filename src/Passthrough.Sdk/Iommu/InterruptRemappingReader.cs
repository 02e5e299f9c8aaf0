using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Iommu;

/// <summary>Judges from several sources whether interrupts are remapped.</summary>
internal static class InterruptRemappingReader
{
    public static Fact<bool> Judge(Fact<string> interrupts, Fact<KernelLog> log, Fact<ValueList<IommuUnit>> units)
    {
        if (interrupts.IsKnown && FromInterrupts(interrupts.Value!) is { } byChips)
        {
            return Fact.Known(byChips, interrupts.Source);
        }

        if (log.IsKnown && FromLog(log.Value!) is { } byLog)
        {
            return Fact.Known(byLog, log.Source);
        }

        // Without a unit nothing can remap; Intel's units say what they can, though not whether it was switched on.
        if (units.IsKnown && units.Value.IsEmpty)
        {
            return Fact.Known(false, units.Source);
        }

        if (units.IsKnown && units.Value.FirstOrDefault(u => u.CanRemapInterrupts is { IsKnown: true, Value: false }) is { } unit)
        {
            return Fact.Known(false, unit.ExtendedCapabilities.Source);
        }

        return Fact.Unknown<bool>(
            interrupts.Source,
            interrupts.IsKnown ? "neither the interrupts nor the kernel log show it" : interrupts.Reason ?? "no such file");
    }

    /// <summary>The names of the interrupt chips: null if none of them depends on remapping (a Xen dom0).</summary>
    public static bool? FromInterrupts(string text)
    {
        var plain = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var range in line.Split(' '))
            {
                var word = line[range];
                if (word.StartsWith("IR-IO-APIC") || word.StartsWith("IR-PCI-MSI") || word.StartsWith("ITS-") || word.StartsWith("IR-HPET"))
                {
                    return true;
                }

                plain |= word.StartsWith("IO-APIC") || word.StartsWith("PCI-MSI");
            }
        }

        return plain ? false : null;
    }

    /// <summary>Evaluates the messages that the drivers of VT-d and AMD-Vi write when they enable it or fail to.</summary>
    public static bool? FromLog(KernelLog log) =>
        log.Contains("DMAR-IR: Enabled IRQ remapping") || log.Contains("AMD-Vi: Interrupt remapping enabled") ? true
        : log.Contains("AMD-Vi: Disabling interrupt remapping") || log.Contains("DMAR-IR: Failed to enable") || log.Contains("DMAR-IR: IRQ remapping was disabled") ? false
        : null;
}
