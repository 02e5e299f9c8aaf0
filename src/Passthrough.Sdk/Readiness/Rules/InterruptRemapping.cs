using System.Collections.Immutable;
using Passthrough.Sdk.Host;

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

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (iommu, vfio) = (context.System.Iommu, context.System.Vfio);
        if (!context.NeedsVfio || !iommu.IsActive.Value || iommu.InterruptRemapping.Value)
        {
            yield break;
        }

        if (!iommu.InterruptRemapping.IsKnown)
        {
            yield return FindingFactory.Undetermined(FindingIds.InterruptRemappingMissing, "whether interrupts are remapped", iommu.InterruptRemapping);
        }
        else if (vfio.AllowsUnsafeInterrupts.Value)
        {
            yield return FindingFactory.Of(
                FindingIds.InterruptRemappingUnsafeAllowed,
                FindingSeverity.Warning,
                "interrupts are not remapped and VFIO was told to do without: a guest that owns a device can forge interrupts of others",
                "give devices only to guests that are trusted like the host; where the firmware offers interrupt remapping, enable it and drop allow_unsafe_interrupts",
                iommu.InterruptRemapping.ToEvidence(),
                vfio.AllowsUnsafeInterrupts.ToEvidence());
        }
        else
        {
            yield return FindingFactory.Of(
                FindingIds.InterruptRemappingMissing,
                FindingSeverity.Error,
                "interrupts are not remapped, so that VFIO refuses every device (Failed to set iommu for container: Operation not permitted)",
                "enable interrupt remapping (x2APIC, VT-d) in the firmware's set-up or update it, and drop intremap=off from the kernel's parameters; "
                + "allow_unsafe_interrupts=1 of vfio_iommu_type1 works too and lets a guest forge interrupts",
                iommu.InterruptRemapping.ToEvidence());
        }
    }
}
