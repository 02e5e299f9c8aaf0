using System.Collections.Immutable;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Somebody mended the boot configuration, and the kernel that runs was started before: a reboot is owed.</summary>
internal sealed class IommuRebootPending : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuRebootPending,
            Severity = FindingSeverity.Error,
            Title = "the boot configuration switches the IOMMU on, and the running kernel was started without it",
            Meaning =
                "Somebody mended the boot loader's files, and nobody booted since. Until then nothing has changed: libvirt says: host "
                + "doesn't support passthrough of host PCI devices.",
            Detection =
                "No IOMMU group; /proc/cmdline leaves the IOMMU off; the command line that the boot loader's files hold (/etc/default/grub "
                + "and its drop-ins, loader entries, /etc/kernel/cmdline and their like) switches it on. It cannot be told where such a "
                + "file computes its value or may not be read.",
            Remedy = "Boot again; where a generated file (grub.cfg) is older than the settings, make it anew first.",
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
            // Without a loader there is nothing to be read: the other rules say what to do.
            if (boot.Loader != Boot.BootLoaderKind.Unknown)
            {
                yield return FindingFactory.Undetermined(FindingIds.IommuRebootPending, "whether a reboot would switch the IOMMU on", boot.Configured);
            }

            yield break;
        }

        if (IommuOutlook.IsOnWith(KernelCommandLine.Parse(boot.Configured.Value!), system) is not true)
        {
            yield break;
        }

        var generated = boot.Generated.Value is { } menu ? IommuOutlook.IsOnWith(KernelCommandLine.Parse(menu), system) : true;
        var commands = generated is true ? "" : BootWords.Run(boot);
        yield return FindingFactory.Of(
            FindingIds.IommuRebootPending,
            FindingSeverity.Error,
            "the IOMMU is switched on in the boot configuration, and the running kernel was started without it",
            commands.Length == 0 ? "boot again" : $"run {commands}, which {boot.Generated.Source} still waits for, and boot again",
            [
                new Evidence(system.Kernel.CommandLine.Source, running.Text),
                boot.Configured.ToEvidence(),
                .. boot.Generated.IsKnown ? [boot.Generated.ToEvidence()] : Array.Empty<Evidence>(),
            ]);
    }
}
