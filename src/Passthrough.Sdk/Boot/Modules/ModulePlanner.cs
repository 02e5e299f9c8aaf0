using System.Text;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot.Modules;

/// <summary>Plans the edits of a change in modprobe.d, modules-load.d and the initramfs.</summary>
internal static class ModulePlanner
{
    /// <summary>The file that contains the ids and softdep lines of an early binding.</summary>
    public const string Options = "/etc/modprobe.d/passthrough-vfio.conf";

    private const string Load = "/etc/modules-load.d/passthrough.conf";
    private const string Heading = "# Written by Passthrough.Sdk; reverting the change of the boot configuration removes it.\n";

    private static readonly string[] LoadDirectories = ["/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d"];

    /// <summary>Adds the edits, and returns the change with the parameters that must be added to the command line instead.</summary>
    public static BootChange Plan(BootDraftBuilder plan, BootChange change, BootLoaderKind loader)
    {
        foreach (var module in change.AllowModules)
        {
            ModprobeBlacklist.Lift(plan, module);
        }

        LoadAtBoot(plan, change.LoadModules);
        if (change.EarlyBinding is not { } binding)
        {
            return change;
        }

        ModprobeBlacklist.Lift(plan, "vfio-pci");
        if (loader == BootLoaderKind.RpmOstree)
        {
            plan.Because("An ostree system does not build its initramfs here, so the early binding is added to the command line.");
            return change with
            {
                Add = [.. change.Add, BootParameter.Parse("rd.driver.pre=vfio_pci"), BootParameter.Parse($"vfio-pci.ids={string.Join(',', binding.Ids)}")],
            };
        }

        plan.Write(Options, Encoding.UTF8.GetBytes(Render(binding)));
        Initramfs.IncludeVfio(plan);
        return change;
    }

    /// <summary>The text for modprobe.d: options and softdep of modprobe.d(5).</summary>
    public static string Render(VfioEarlyBinding binding)
    {
        var text = new StringBuilder(Heading);
        text.Append($"options vfio-pci ids={string.Join(',', binding.Ids)}\n");
        foreach (var driver in binding.Before)
        {
            text.Append($"softdep {driver} pre: vfio-pci\n");
        }

        return text.ToString();
    }

    private static void LoadAtBoot(BootDraftBuilder plan, IEnumerable<string> modules)
    {
        string[] files = [.. LoadDirectories.SelectMany(d => plan.Host.List(d, ".conf")), "/etc/modules"];
        HashSet<string> loaded = [.. files.SelectMany(f => (plan.Host.TryText(f) ?? "").Split('\n')).Select(l => KernelNames.Canonical(l.Trim()))];
        string[] missing = [.. modules.Where(m => !loaded.Contains(KernelNames.Canonical(m)))];
        if (missing.Length > 0)
        {
            plan.WriteText(Load, (plan.ReadText(Load) ?? Heading) + string.Concat(missing.Select(m => m + "\n")));
        }
    }
}
