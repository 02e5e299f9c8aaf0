using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a boot configuration that was fixed after the running kernel was started, so that a reboot is pending.</summary>
internal sealed class IommuRebootPending : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuRebootPending,
            Severity = FindingSeverity.Error,
            Title = "the boot configuration switches the IOMMU on, but the running kernel was started without it",
            Meaning =
                "The boot loader's files were changed, but the host was not rebooted. Until then the change has no effect. "
                + "libvirt says: host doesn't support passthrough of host PCI devices.",
            Detection =
                "There is no IOMMU group; /proc/cmdline leaves the IOMMU off; the command line in the boot loader's files "
                + "(/etc/default/grub and its drop-ins, loader entries, /etc/kernel/cmdline and similar files) switches it on. "
                + "Unknown if such a file computes its value or cannot be read.",
            Remedy = "Boot again. If a generated file (grub.cfg) is older than the settings, generate it again first.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (system, boot) = (context.System, context.System.Boot);
        if (!context.NeedsVfio || system.Iommu.IsActive.Value || system.Kernel.CommandLine.Value is not { } running
            || IommuOutlook.IsOnWith(running, system) is not false || boot.Configured.IsAbsent)
        {
            yield break;
        }

        if (boot.Configured.IsUnknown)
        {
            // Without a loader there is nothing to read: the other rules say what to do.
            if (boot.Loader != Boot.BootLoaderKind.Unknown)
            {
                yield return FindingFactory.UndeterminedOfHost(FindingIds.IommuRebootPending, "whether a reboot would switch the IOMMU on", boot.Configured);
            }

            yield break;
        }

        if (IommuOutlook.IsOnWith(KernelCommandLine.Parse(boot.Configured.Value!), system) is not true)
        {
            yield break;
        }

        var generated = boot.Generated.Value is { } menu ? IommuOutlook.IsOnWith(KernelCommandLine.Parse(menu), system) : true;
        var commands = generated is true ? "" : BootWords.Run(boot);
        yield return FindingFactory.OfHost(
            FindingIds.IommuRebootPending,
            FindingSeverity.Error,
            "the boot configuration switches the IOMMU on, but the running kernel was started without it",
            commands.Length == 0 ? "reboot" : $"run {commands}, because {boot.Generated.Source} is older than the settings, and reboot",
            [
                new Evidence(system.Kernel.CommandLine.Source, running.Text),
                boot.Configured.ToEvidence(),
                .. boot.Generated.IsKnown ? [boot.Generated.ToEvidence()] : Array.Empty<Evidence>(),
            ]);
    }
}
