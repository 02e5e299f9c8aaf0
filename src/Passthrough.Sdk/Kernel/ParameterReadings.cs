using System.Collections.Frozen;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>The one place that says how every parameter is read that a verdict rests on.</summary>
/// <remarks>
/// How the kernel takes the line apart (quotes, <c>--</c>) is in <see cref="KernelCommandLine"/>: lib/cmdline.c next_arg and
/// kernel/params.c parse_args. Names are compared there by parameq, to which dash and underscore are the same; so do
/// init/main.c obsolete_checksetup for <c>__setup</c> and do_early_param for <c>early_param</c>.
/// </remarks>
internal static class ParameterReadings
{
    public const string ModuleBlacklist = "module_blacklist";
    public const string ModprobeBlacklist = "modprobe.blacklist";

    private static readonly ValueList<ParameterReading> All =
    [
        // drivers/iommu/intel/iommu.c: __setup("intel_iommu=", intel_iommu_setup) walks the words of each occurrence.
        new("intel_iommu", ParameterReader.Kernel, CountsOnce: false),

        // drivers/iommu/amd/init.c: __setup("amd_iommu=", parse_amd_iommu_options), the same.
        new("amd_iommu", ParameterReader.Kernel, CountsOnce: false),

        // arch/x86/kernel/pci-dma.c: early_param("iommu", iommu_setup), the same.
        new("iommu", ParameterReader.Kernel, CountsOnce: false),

        // arch/x86/kernel/acpi/boot.c: early_param("acpi", parse_acpi); off and force set the same flag, other words do not touch it.
        new("acpi", ParameterReader.Kernel, CountsOnce: false),

        // drivers/iommu/irq_remapping.c: early_param("intremap", setup_intremap) and early_param("nointremap", setup_nointremap).
        new("intremap", ParameterReader.Kernel, CountsOnce: false),
        new("nointremap", ParameterReader.Kernel, CountsOnce: false),

        // arch/x86/kernel/apic: early_param("noapic", parse_noapic) and early_param("nolapic", setup_nolapic).
        new("noapic", ParameterReader.Kernel, CountsOnce: false),
        new("nolapic", ParameterReader.Kernel, CountsOnce: false),

        // The patch that brings it: early_param("pcie_acs_override", pcie_acs_override_setup), whose words add up.
        new("pcie_acs_override", ParameterReader.Kernel, CountsOnce: false),

        // kernel/module/main.c: core_param(module_blacklist, module_blacklist, charp, 0400): each occurrence replaces the string, and
        // blacklisted() compares with memcmp to the module's own name, which has underscores.
        new(ModuleBlacklist, ParameterReader.Kernel, CountsOnce: true, HasLiteralNames: true),

        // kmod, libkmod/libkmod-config.c: kcmdline_parse_result adds every name as it is written; module_is_blacklisted compares
        // with streq to the module's name, which has underscores.
        new(ModprobeBlacklist, ParameterReader.Kmod, CountsOnce: false, HasLiteralNames: true),

        // drivers/vfio/pci/vfio_pci.c: module_param_string(ids, ids, sizeof(ids), 0): each occurrence is copied over the last.
        new("vfio-pci.ids", ParameterReader.Module, CountsOnce: true),

        // drivers/vfio/vfio_iommu_type1.c: module_param_named(allow_unsafe_interrupts, allow_unsafe_interrupts, bool, 0644).
        new("vfio_iommu_type1.allow_unsafe_interrupts", ParameterReader.Module, CountsOnce: true),

        // drivers/vfio/vfio_main.c: module_param_named(enable_unsafe_noiommu_mode, vfio_noiommu, bool, 0644).
        new("vfio.enable_unsafe_noiommu_mode", ParameterReader.Module, CountsOnce: true),

        // drivers/xen/xen-pciback/pci_stub.c: module_param_named(hide, pci_devs_to_hide, charp, 0444).
        new("xen-pciback.hide", ParameterReader.Module, CountsOnce: true),
    ];

    private static readonly FrozenDictionary<string, ParameterReading> ByName =
        All.ToFrozenDictionary(reading => KernelNames.Canonical(reading.Name), StringComparer.Ordinal);

    /// <summary>The names of all parameters that verdicts rest on, as their documentation writes them.</summary>
    public static IEnumerable<string> Names => All.Select(reading => reading.Name);

    /// <summary>How a parameter is read.</summary>
    /// <param name="name">Its name; dash and underscore are the same.</param>
    /// <exception cref="KeyNotFoundException">The table does not have it: no verdict may rest on it.</exception>
    public static ParameterReading Of(string name) => ByName[KernelNames.Canonical(name)];

    /// <summary>Whether a name is one of the table's, as its reader compares names.</summary>
    /// <param name="name">The name, as it is written on a command line.</param>
    public static bool Has(string name) =>
        ByName.TryGetValue(KernelNames.Canonical(name), out var reading) && (reading.Reader != ParameterReader.Kmod || reading.Name == name);

    /// <summary>The occurrences of a parameter that the kernel ends up with, in order.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="name">One of the table's parameters that the kernel reads.</param>
    public static IEnumerable<KernelParameter> Effective(this KernelCommandLine line, string name)
    {
        var reading = Of(name);
        var all = line.All(name);

        // A charp without a value is refused (parse_args: "needs an argument"), and the one before stays.
        return reading.CountsOnce ? all.Where(parameter => parameter.Value is not null).TakeLast(1) : all;
    }
}
