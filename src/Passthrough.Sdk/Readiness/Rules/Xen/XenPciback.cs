using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a dom0 without xen-pciback, which passes devices to Xen's guests.</summary>
internal sealed class XenPciback : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenPcibackMissing,
            Severity = FindingSeverity.Error,
            Title = "dom0 lacks xen-pciback",
            Meaning =
                "No driver can take the device for a guest. xl pci-assignable-add says that the pciback driver is not loaded; "
                + "libvirt says that it cannot bind the device to it.",
            Detection =
                "/proc/modules and modules.builtin of the running kernel; if the driver is part of the kernel, also "
                + "/sys/bus/pci/drivers, which does not list it if its start failed. Unknown if /proc/modules cannot be read.",
            Remedy = "Run modprobe xen-pciback. To load it at every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.XenNoDirectIo, FindingIds.XenHideMalformed];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        var module = system.Modules["xen_pciback"];
        if (context.NeedsVfio || !context.IsDom0)
        {
            return [];
        }

        // A module that is loaded has started. One in the kernel image exists even if its start failed.
        var isLoaded = module.IsLoaded.Value;
        var isRegistered = system.Modules.PciDrivers is { IsKnown: true, Value: { } drivers } && drivers.Contains("pciback");
        var hide = isLoaded || isRegistered ? null : Hide(system);
        return hide is { } malformed ? [Malformed(system, module, malformed), .. Missing(system, module, isLoaded, isRegistered)] : Missing(system, module, isLoaded, isRegistered);
    }

    private static IEnumerable<Finding> Missing(HostSystem system, ModuleStatus module, bool isLoaded, bool isRegistered) =>
        module.IsPresent.Value && !isLoaded && system.Modules.PciDrivers.IsKnown && !isRegistered ? [NotRegistered(system, module)]
            : module.IsPresent.Value ? []
            : module.IsPresent.IsKnown ? [NotLoaded(module)]
            : [FindingFactory.UndeterminedOfHost(FindingIds.XenPcibackMissing, "whether xen-pciback is loaded", module.IsPresent)];

    private static (string Value, ModuleDirective Directive)? Hide(HostSystem system) =>
        ModuleOptions.Last(system, "xen_pciback", "hide") is { Value: { } value } hide && !XenHideList.CanBeParsed(value) ? (value, hide.Directive) : null;

    private static Finding Malformed(HostSystem system, ModuleStatus module, (string Value, ModuleDirective Directive) hide)
    {
        var onCommandLine = hide.Directive.Line == 0;
        var written = system.Kernel.CommandLine.Value?.Last("xen-pciback.hide")?.ToString() ?? $"xen-pciback.hide={hide.Value}";
        return FindingFactory.OfHost(
            FindingIds.XenHideMalformed,
            FindingSeverity.Error,
            $"xen-pciback cannot parse {(onCommandLine ? written : $"hide={hide.Value} in {VfioIds.PlaceOf(hide.Directive)}")} and does not start; the form of a PCI address in it is (0000:01:00.0)",
            (onCommandLine ? BootWords.Remove(system.Boot, written) : $"correct or remove it in {hide.Directive.Source}")
            + (module.IsBuiltIn.Value ? "; xen-pciback is part of the kernel, so modprobe cannot load it" : ", then modprobe xen-pciback"),
            [new Evidence(VfioIds.PlaceOf(hide.Directive), $"hide={hide.Value}"), system.Modules.PciDrivers.IsKnown ? new Evidence(system.Modules.PciDrivers.Source, "no pciback") : module.IsPresent.ToEvidence(), .. Said(system)]);
    }

    private static Finding NotRegistered(HostSystem system, ModuleStatus module) => FindingFactory.OfHost(
        FindingIds.XenPcibackMissing,
        FindingSeverity.Error,
        "xen-pciback is part of this kernel, but its driver is not registered: its start failed",
        "search the kernel's log for xen-pciback; modprobe cannot help, because xen-pciback is part of the kernel",
        [module.IsBuiltIn.ToEvidence(), new Evidence(system.Modules.PciDrivers.Source, "no pciback"), .. Said(system)]);

    private static Finding NotLoaded(ModuleStatus module)
    {
        var obstacle = module.Obstacles is [var first, ..] ? first : null;
        return FindingFactory.OfHost(
            FindingIds.XenPcibackMissing,
            FindingSeverity.Error,
            "xen-pciback is not loaded, so no device can be assigned to a guest of Xen",
            obstacle is null
                ? "modprobe xen-pciback; to load it at every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf"
                : $"remove the line '{obstacle}' of {obstacle.Source}, then modprobe xen-pciback",
            [new Evidence(module.IsLoaded.Source, "no xen_pciback"), .. obstacle is null ? [] : (Evidence[])[new(obstacle.Source, obstacle.ToString())]]);
    }

    private static IEnumerable<Evidence> Said(HostSystem system) => (system.Kernel.Log.Value?.Lines ?? [])
        .Where(line => line.Contains("pciback", StringComparison.Ordinal) && line.Contains("rror", StringComparison.Ordinal))
        .TakeLast(3)
        .Select(line => new Evidence(system.Kernel.Log.Source, line));
}
