using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>GRUB 2 with a generated menu: normal entries get GRUB_CMDLINE_LINUX, then GRUB_CMDLINE_LINUX_DEFAULT (util/grub.d/10_linux.in).</summary>
internal class GrubLoader : ShellVariableLoader
{
    public const string File = "/etc/default/grub";

    public override BootLoaderKind Kind => BootLoaderKind.Grub;

    protected override string[] Keys => ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"];

    protected override IReadOnlyList<string> Paths(BootFiles host) => [File, .. GrubDropIns.Find(host)];

    public override void Plan(BootPlanBuilder plan, BootChange change)
    {
        bool changed = EditVariables(plan, change);
        if (changed || IsStale(plan.Host, change))
            plan.Follow(Regenerate(plan.Host));
    }

    /// <summary>What makes the menu anew.</summary>
    protected virtual BootCommand Regenerate(BootFiles host) => GrubCommands.Regenerate(host);

    /// <summary>Whether the menu still lacks what the file has: somebody edited the file and did not run update-grub.</summary>
    protected virtual bool IsStale(BootFiles host, BootChange change)
    {
        if (GrubCommands.MenuPath(host) is not { } path || host.TryText(path) is not { } menu)
            return false;
        foreach (string line in menu.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["linux" or "linux16" or "linuxefi", _, var rest] || rest.Contains("single", StringComparison.Ordinal) || rest.Contains("recovery", StringComparison.Ordinal))
                continue;
            return CommandLineEdit.Compute([rest], change) is { IsEmpty: false };
        }

        return false;
    }
}
