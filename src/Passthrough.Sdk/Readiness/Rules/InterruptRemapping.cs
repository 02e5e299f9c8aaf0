using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Without interrupt remapping a guest could raise other devices' interrupts, and VFIO refuses unless told to look away.</summary>
internal sealed class InterruptRemapping : IReadinessRule
{
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
