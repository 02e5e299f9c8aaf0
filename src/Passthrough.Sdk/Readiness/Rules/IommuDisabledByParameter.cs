using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The machine has an IOMMU, and a kernel parameter switches it off.</summary>
internal sealed class IommuDisabledByParameter : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuDisabledByKernelParameter,
            Severity = FindingSeverity.Error,
            Title = "a kernel parameter switches the IOMMU off",
            Meaning =
                "The machine and its firmware are fine; the kernel was told not to use the IOMMU. libvirt says: host doesn't support "
                + "passthrough of host PCI devices.",
            Detection =
                "/proc/cmdline, for the kind of IOMMU whose table the firmware gives: intel_iommu=off where no later word says on, "
                + "amd_iommu=off, iommu=off; acpi=off hides the tables as well.",
            Remedy = "Remove the parameter from the boot configuration and boot again.",
        },
    ];

    /// <summary>Without a table there is nothing to switch off yet; and who took the parameter out of the configuration needs only a reboot.</summary>
    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        if (!context.NeedsVfio || context.IsDom0 || context.HasGroups == true)
        {
            yield break;
        }

        var commandLine = system.Kernel.CommandLine;
        if (commandLine.Value is not { } line)
        {
            yield return FindingFactory.Undetermined(
                FindingIds.IommuDisabledByKernelParameter, "whether a kernel parameter switches the IOMMU off", commandLine);
            yield break;
        }

        var switches = IommuParameters.SwitchesFor(system).ToList();
        var off = switches
            .Select(name => IommuParameters.SwitchOf(line, name))
            .Where(found => found is { IsOn: false })
            .Select(found => found!.Value.Parameter)
            .Concat(WithoutAcpi(system, line))
            .ToList();
        if (off.Count == 0)
        {
            yield break;
        }

        // Whose IOMMU it is nobody knows, nor whether it is at work: the parameter may be the other vendor's.
        if (context.HasGroups is null && IommuParameters.VendorOf(system) is null && !off.Any(parameter => parameter.IsNamed(IommuParameters.Generic)))
        {
            yield return FindingFactory.Undetermined(
                FindingIds.IommuDisabledByKernelParameter, $"whether {off[0]} switches this machine's IOMMU off", system.Firmware.AcpiNames);
            yield break;
        }

        yield return FindingFactory.Of(
            FindingIds.IommuDisabledByKernelParameter,
            FindingSeverity.Error,
            $"the kernel parameter {string.Join(" and ", off)} switches the IOMMU off",
            string.Join("; ", off.Select(parameter => BootWords.Remove(system.Boot, parameter.ToString()))),
            new Evidence(commandLine.Source, line.Text));
    }

    /// <summary>Without ACPI the kernel reads no table of the firmware; on Arm there is the device tree instead.</summary>
    private static IEnumerable<KernelParameter> WithoutAcpi(HostSystem system, KernelCommandLine line) =>
        system.Firmware.AcpiNames.IsAbsent && system.Cpu.Architecture.Value is null or "x86_64" or "i686" && line.Last("acpi") is { Value: "off" } parameter
            ? [parameter]
            : [];
}
