using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Without interrupt remapping a guest could raise other devices' interrupts, and VFIO refuses unless told to look away.</summary>
internal sealed class InterruptRemapping : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.InterruptRemappingMissing,
            Severity = FindingSeverity.Error,
            Title = "interrupts are not remapped",
            Meaning =
                "A device that a guest drives could raise interrupts of others. VFIO refuses every device: Failed to set iommu for "
                + "container: Operation not permitted.",
            Detection =
                "The chips in /proc/interrupts (IR-...), else the kernel's log, else the capabilities of the IOMMU's units. Unknown "
                + "where none of them tells.",
            Remedy =
                "Enable interrupt remapping (x2APIC, VT-d, IOMMU) in the firmware's set-up or update it; drop intremap=off and "
                + "nointremap from the kernel's parameters. allow_unsafe_interrupts=1 of vfio_iommu_type1 works too, and lets a guest "
                + "forge interrupts.",
        },
        new()
        {
            Id = FindingIds.InterruptRemappingUnsafeAllowed,
            Severity = FindingSeverity.Warning,
            Title = "interrupts are not remapped, and VFIO was told to do without",
            Meaning = "It works, and a guest that owns a device can forge interrupts of other devices and of the host.",
            Detection =
                "As for interrupt-remapping.missing, and /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts, or the same "
                + "parameter in modprobe.d or on the kernel's command line while the module is not loaded.",
            Remedy =
                "Give devices only to guests that are trusted like the host; where the machine can remap interrupts, enable that and "
                + "drop the parameter.",
        },
    ];

    private const string Parameter = "allow_unsafe_interrupts";

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
            yield return FindingFactory.Undetermined(FindingIds.InterruptRemappingMissing, "whether interrupts are remapped", remapping);
            yield break;
        }

        Evidence[] evidence = [remapping.ToEvidence(), .. off is null ? [] : (Evidence[])[new(system.Kernel.CommandLine.Source, $"{off}")]];
        if (UnsafeAllowed(system) is { } allowed)
        {
            yield return FindingFactory.Of(
                FindingIds.InterruptRemappingUnsafeAllowed,
                FindingSeverity.Warning,
                "interrupts are not remapped and VFIO was told to do without: a guest that owns a device can forge interrupts of others",
                $"give devices only to guests that are trusted like the host; {Enable(system, off)}, and drop {Parameter}",
                [.. evidence, allowed]);
        }
        else
        {
            yield return FindingFactory.Of(
                FindingIds.InterruptRemappingMissing,
                FindingSeverity.Error,
                $"interrupts are not remapped{(off is null ? "" : $" ({off})")}, so that VFIO refuses every device (Failed to set iommu for container: Operation not permitted)",
                $"{Enable(system, off)}; {Parameter}=1 of vfio_iommu_type1 works too and lets a guest forge interrupts",
                evidence);
        }
    }

    private static string Enable(HostSystem system, KernelParameter? off) => off is null
        ? "enable interrupt remapping (x2APIC, VT-d, IOMMU) in the firmware's set-up or update it"
        : BootWords.Remove(system.Boot, off.ToString());

    // Before the module is loaded nobody but the configuration knows what it will be told.
    private static Evidence? UnsafeAllowed(HostSystem system)
    {
        var now = system.Vfio.AllowsUnsafeInterrupts;
        return now.IsKnown
            ? now.Value ? now.ToEvidence() : null
            : ModuleOptions.Flag(system.Modules["vfio_iommu_type1"], Parameter) is { IsOn: true } later
                ? new Evidence(later.Directive.Source, later.Directive.ToString())
                : null;
    }

    // The kernel's drivers/iommu/irq_remapping.c: intremap= takes the last word, nointremap stands for off.
    private static KernelParameter? SwitchedOffBy(KernelCommandLine line)
    {
        KernelParameter? off = null;
        foreach (var parameter in line.Parameters)
        {
            if (parameter.IsNamed("nointremap") || parameter.IsNamed("noapic") || parameter.IsNamed("nolapic"))
            {
                off = parameter;
            }
            else if (parameter.IsNamed("intremap"))
            {
                off = parameter.Options.LastOrDefault(option => option is "on" or "off") switch { "off" => parameter, "on" => null, _ => off };
            }
        }

        return off;
    }
}
