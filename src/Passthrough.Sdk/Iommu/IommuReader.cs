using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu;

/// <summary>Reads <see cref="IommuStatus"/> from a host's files.</summary>
internal static class IommuReader
{
    private const string UnitsPath = "/sys/class/iommu";
    private const string FileOfEveryKernel = "/sys/kernel/uevent_seqnum";

    public static IommuStatus Read(ISysfs files, Fact<KernelLog> log)
    {
        var units = files.List(UnitsPath)
            .Select(names => names.Select(name => Unit(files, name)).ToValueList());
        return new IommuStatus
        {
            Units = units,
            GroupCount = CountGroups(files, units),
            InterruptRemapping = InterruptRemappingReader.Judge(files.ReadText("/proc/interrupts"), log, units),
        };
    }

    /// <summary>The groups behind an IOMMU: VFIO's mode without one makes groups too, which isolate nothing.</summary>
    private static Fact<int> CountGroups(ISysfs files, Fact<ValueList<IommuUnit>> units)
    {
        const string Groups = "/sys/kernel/iommu_groups";
        const string WithoutIommu = "vfio-noiommu";
        var groups = files.List(Groups);
        if (groups.IsAbsent && files.ReadStatus(FileOfEveryKernel).IsAbsent)
        {
            return Fact.Unknown<int>(Groups, "this source contains only a part of a host");
        }

        // Where a unit is at work the names need not be looked at: a file for each group.
        return groups.Select(names => units.IsKnown && !units.Value.IsEmpty
            ? names.Count
            : names.Count(name => files.ReadText($"{Groups}/{name}/name").Value != WithoutIommu));
    }

    public static IommuKind KindOf(string name) => name switch
    {
        _ when name.StartsWith("dmar", StringComparison.Ordinal) => IommuKind.IntelVtd,
        _ when name.StartsWith("ivhd", StringComparison.Ordinal) => IommuKind.AmdVi,
        _ when name.StartsWith("smmu3.", StringComparison.Ordinal) => IommuKind.ArmSmmuV3,
        _ when name.StartsWith("smmu.", StringComparison.Ordinal) => IommuKind.ArmSmmu,
        _ when name.StartsWith("virtio", StringComparison.Ordinal) => IommuKind.Virtio,
        _ => IommuKind.Other,
    };

    private static IommuUnit Unit(ISysfs files, string name)
    {
        var path = $"{UnitsPath}/{name}";
        var kind = KindOf(name);
        (var cap, var ecap) = kind == IommuKind.AmdVi
            ? ($"{path}/amd-iommu/cap", $"{path}/amd-iommu/features")
            : ($"{path}/intel-iommu/cap", $"{path}/intel-iommu/ecap");
        return new IommuUnit(name, kind, Register(files.ReadText(cap)), Register(files.ReadText(ecap)))
        {
            Devices = files.List($"{path}/devices"),
        };
    }

    // AMD's features may be two registers, "EFR2:EFR"; the last is the one everybody means.
    private static Fact<ulong> Register(Fact<string> text)
    {
        if (text is not { IsKnown: true, Value: { } registers })
        {
            return text.Select(_ => 0UL);
        }

        var digits = registers[(registers.LastIndexOf(':') + 1)..];
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? Fact.Known(value, text.Source)
            : Fact.Unknown<ulong>(text.Source, $"'{registers}' is not a register in hexadecimal digits");
    }
}
