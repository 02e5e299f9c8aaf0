using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that a domain asks for IOMMUFD, and the kernel does not have it.</summary>
internal sealed class VfioIommufd : IReadinessRule
{
    private const string Needed = "CONFIG_IOMMUFD";
    private const string Nodes = "CONFIG_VFIO_DEVICE_CDEV";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioIommufdMissing,
            Severity = FindingSeverity.Error,
            Title = "IOMMUFD is not available",
            Meaning =
                "The domain asks for IOMMUFD, the newer interface of VFIO, but the kernel has no /dev/iommu or creates no nodes for single devices. "
                + "Many distributions build their kernels without it: Debian's do not have it up to Linux 7.3.",
            Detection =
                "The text of the error; or, before an attempt, the definitions of the domains (with libvirt's facts) or the plan's request: "
                + "<driver iommufd='yes'> or <iommufd enabled='yes'>. Then /dev/iommu, and CONFIG_IOMMUFD and CONFIG_VFIO_DEVICE_CDEV of the running kernel. "
                + "It is an error for the devices in question, and a warning if only the host is checked.",
            Remedy =
                "Run modprobe iommufd if the kernel has it as a module (Linux 6.2 or newer, CONFIG_VFIO_DEVICE_CDEV 6.6); otherwise remove iommufd from the domain.",
        },
    ];

    /// <summary>Returns the first option without which a kernel has no IOMMUFD for devices; null if it was built with both.</summary>
    internal static string? OptionMissingFrom(KernelConfig config) => !config.IsEnabled(Needed) ? Needed : !config.IsEnabled(Nodes) ? Nodes : null;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.IsDom0)
        {
            yield break;
        }

        foreach (var asking in AskingIn(context).GroupBy(each => each.Domain, each => (each.Device, each.Source)))
        {
            if (CheckDomain(context, asking.Key, [.. asking.Select(each => each.Device).Distinct()], asking.First().Source) is { } finding)
            {
                yield return finding;
            }
        }
    }

    // What the definitions of all domains ask for, and what the plan is about to ask for.
    private static IEnumerable<(string Domain, PciAddress Device, string Source)> AskingIn(ReadinessContext context)
    {
        foreach (var use in (context.Target?.Uses ?? []).Concat(context.Uses))
        {
            if (use is { UsesIommufd: true, IsRunning: false } && (context.Addresses.IsEmpty || context.Addresses.Contains(use.Device)))
            {
                yield return (use.Domain, use.Device, use.Source);
            }
        }

        foreach (var device in context.Target?.Iommufd ?? [])
        {
            yield return (context.Target!.Name, device, $"the request for {context.Target.Name}");
        }
    }

    private static Finding? CheckDomain(ReadinessContext context, string domain, ValueList<PciAddress> devices, string source)
    {
        var (node, config) = (context.System.Vfio.Iommufd, context.System.Kernel.Config);
        var severity = context.Addresses.IsEmpty ? FindingSeverity.Warning : FindingSeverity.Error;
        if (node.IsUnknown)
        {
            return FindingFactory.Undetermined(devices, FindingIds.VfioIommufdMissing, $"whether the kernel has IOMMUFD, which {domain} asks for", node, severity);
        }

        var lacksNodes = config.Value is { } known && !known.IsEnabled(Nodes);
        if (node.IsKnown && !lacksNodes)
        {
            return null;
        }

        // A module of this kernel can be loaded; what was not built cannot.
        var canLoad = config.Value?.IsEnabled(Needed) == true && !lacksNodes;
        return FindingFactory.Of(
            devices,
            FindingIds.VfioIommufdMissing,
            severity,
            $"{domain} asks for IOMMUFD, {(node.IsKnown ? $"and this kernel creates no nodes for single devices ({Nodes})" : "and /dev/iommu does not exist")}",
            canLoad ? "modprobe iommufd"
                : $"remove iommufd from {domain} (<driver iommufd='yes'>, <iommufd>), {(config.IsKnown ? $"or boot a kernel with {Needed} and {Nodes}" : "or run modprobe iommufd if this kernel has that module")}",
            [
                new Evidence(source, "iommufd"),
                node.IsKnown ? new Evidence("/dev/iommu", "present") : node.ToEvidence(),
                .. config.Value is { } options ? (Evidence[])[Option(options, Needed), Option(options, Nodes)] : [],
            ]);

        Evidence Option(KernelConfig options, string name) => new(config.Source, $"{name}={options[name] ?? "(not set)"}");
    }
}
