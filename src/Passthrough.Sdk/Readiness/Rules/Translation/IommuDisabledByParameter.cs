using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a kernel parameter that switches the machine's IOMMU off.</summary>
internal sealed class IommuDisabledByParameter : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuDisabledByKernelParameter,
            Severity = FindingSeverity.Error,
            Title = "a kernel parameter switches the IOMMU off",
            Meaning =
                "The machine and its firmware have a working IOMMU, but a kernel parameter disables it. libvirt says: host "
                + "doesn't support passthrough of host PCI devices.",
            Detection =
                "/proc/cmdline, for the kind of IOMMU whose table the firmware provides: intel_iommu=off unless a later word says "
                + "on, amd_iommu=off, or iommu=off. acpi=off hides the tables as well.",
            Remedy = "Remove the parameter from the boot configuration and reboot.",
        },
    ];

    /// <summary>Gets the other causes: without a table there is nothing to switch off yet, and if the configuration no longer
    /// has the parameter, a reboot is enough.</summary>
    public ValueList<string> ExplainedBy { get; } = [FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending];

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
            yield return FindingFactory.UndeterminedOfHost(
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

        // It is unknown which vendor's IOMMU this is, or whether it is in use: the parameter may be for the other vendor.
        if (context.HasGroups is null && IommuParameters.VendorOf(system) is null && !off.Any(parameter => parameter.IsNamed(IommuParameters.Generic)))
        {
            yield return FindingFactory.UndeterminedOfHost(
                FindingIds.IommuDisabledByKernelParameter, $"whether {off[0]} switches this machine's IOMMU off", system.Firmware.AcpiNames);
            yield break;
        }

        yield return FindingFactory.OfHost(
            FindingIds.IommuDisabledByKernelParameter,
            FindingSeverity.Error,
            $"the kernel parameter {string.Join(" and ", off)} switches the IOMMU off",
            string.Join("; ", off.Select(parameter => BootWords.Remove(system.Boot, parameter.ToString()))),
            new Evidence(commandLine.Source, line.Text));
    }

    /// <summary>Finds the parameter that switches ACPI off. Without ACPI the kernel reads no firmware table; Arm machines have
    /// the device tree instead.</summary>
    private static IEnumerable<KernelParameter> WithoutAcpi(HostSystem system, KernelCommandLine line) =>
        system.Firmware.AcpiNames.IsAbsent && system.Cpu.Architecture.Value is null or "x86_64" or "i686" && IommuParameters.AcpiOffBy(line) is { } parameter
            ? [parameter]
            : [];
}
