using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports missing interrupt remapping: a guest could raise interrupts of other devices, and VFIO refuses unless it is
/// told to allow that.</summary>
internal sealed class InterruptRemapping : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.InterruptRemappingMissing,
            Severity = FindingSeverity.Error,
            Title = "interrupts are not remapped",
            Meaning =
                "A guest could use its device to raise interrupts of other devices. VFIO refuses every device: Failed to set "
                + "iommu for container: Operation not permitted.",
            Detection =
                "The chips in /proc/interrupts (IR-...), else the kernel's log, else the capabilities of the IOMMU units. Unknown "
                + "if none of them shows it.",
            Remedy =
                "Enable interrupt remapping (x2APIC, VT-d, IOMMU) in the firmware's set-up, or update the firmware. Remove "
                + "intremap=off and nointremap from the kernel's parameters. allow_unsafe_interrupts=1 of vfio_iommu_type1 works "
                + "too, but lets a guest forge interrupts.",
        },
        new()
        {
            Id = FindingIds.InterruptRemappingUnsafeAllowed,
            Severity = FindingSeverity.Warning,
            Title = "interrupts are not remapped, and VFIO is configured to allow this",
            Meaning = "Passthrough works, but a guest that owns a device can forge interrupts of other devices and of the host.",
            Detection =
                "As for interrupt-remapping.missing, and /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts, or, "
                + "while the module is not loaded, the same parameter in modprobe.d or on the kernel's command line.",
            Remedy =
                "Assign devices only to guests that you trust as much as the host. If the machine supports interrupt remapping, "
                + "enable it and remove the parameter.",
        },
    ];

    private const string Parameter = "allow_unsafe_interrupts";

    private static readonly ValueList<string> Switches = [.. new[] { "intremap", "nointremap", "noapic", "nolapic" }.Select(name => ParameterReadings.Of(name).Name)];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (system, remapping) = (context.System, context.System.Iommu.InterruptRemapping);
        var off = system.Kernel.CommandLine.Value is { } line ? SwitchedOffBy(line) : null;
        if (!context.NeedsVfio || context.IsDom0 || context.HasGroups != true || remapping.Value
            || system.Cpu.Architecture.Value is not (null or "x86_64" or "i686" or "aarch64" or "arm"))
        {
            yield break;
        }

        if (!remapping.IsKnown && off is null)
        {
            yield return FindingFactory.UndeterminedOfHost(
                FindingIds.InterruptRemappingMissing,
                "whether interrupts are remapped",
                remapping,
                UnsafeAllowed(system) is null ? FindingSeverity.Error : FindingSeverity.Warning);
            yield break;
        }

        Evidence[] evidence = [remapping.ToEvidence(), .. off is null ? [] : (Evidence[])[new(system.Kernel.CommandLine.Source, $"{off}")]];
        if (UnsafeAllowed(system) is { } allowed)
        {
            yield return FindingFactory.OfHost(
                FindingIds.InterruptRemappingUnsafeAllowed,
                FindingSeverity.Warning,
                "interrupts are not remapped, and VFIO is configured to allow this: a guest that owns a device can forge interrupts of other devices",
                $"assign devices only to guests that you trust as much as the host; {Enable(system, off)}, and remove {Parameter}",
                [.. evidence, allowed]);
        }
        else
        {
            yield return FindingFactory.OfHost(
                FindingIds.InterruptRemappingMissing,
                FindingSeverity.Error,
                $"interrupts are not remapped{(off is null ? "" : $" ({off})")}, so VFIO refuses every device (Failed to set iommu for container: Operation not permitted)",
                $"{Enable(system, off)}; {Parameter}=1 of vfio_iommu_type1 works too, but lets a guest forge interrupts",
                evidence);
        }
    }

    private static string Enable(HostSystem system, KernelParameter? off) => off is null
        ? "enable interrupt remapping (x2APIC, VT-d, IOMMU) in the firmware's set-up, or update the firmware"
        : BootWords.Remove(system.Boot, off.ToString());

    // Before the module is loaded, only the configuration shows which value it will get.
    private static Evidence? UnsafeAllowed(HostSystem system)
    {
        var now = system.Vfio.AllowsUnsafeInterrupts;
        return now.IsKnown
            ? now.Value ? now.ToEvidence() : null
            : ModuleOptions.Flag(system, "vfio_iommu_type1", Parameter) is { IsOn: true } later
                ? new Evidence(later.Directive.Source, later.Directive.ToString())
                : null;
    }

    // The kernel's drivers/iommu/irq_remapping.c: the last word of intremap= counts, and nointremap means off.
    private static KernelParameter? SwitchedOffBy(KernelCommandLine line)
    {
        // They share a flag, so the order of all of them on the line counts, not only that of each name.
        KernelParameter? off = null;
        foreach (var parameter in line.Parameters.Where(parameter => Switches.Any(parameter.IsNamed)))
        {
            if (!parameter.IsNamed("intremap"))
            {
                off = parameter;
                continue;
            }

            foreach (var option in parameter.Options)
            {
                off = option.StartsWith("off", StringComparison.Ordinal) ? parameter : option.StartsWith("on", StringComparison.Ordinal) ? null : off;
            }
        }

        return off;
    }
}
