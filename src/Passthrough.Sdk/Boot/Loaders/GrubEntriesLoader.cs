using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>GRUB 2 with Boot Loader Specification entries (GRUB_ENABLE_BLSCFG): what <c>grubby --update-kernel=ALL</c> would edit.</summary>
/// <remarks>
/// GRUB reads the entries at boot, so that no menu has to be made anew. /etc/default/grub and /etc/kernel/cmdline are for
/// kernels to come. RHEL 8 keeps the line once, as kernelopts in GRUB's environment block.
/// </remarks>
internal sealed class GrubEntriesLoader : GrubLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.GrubEntries;

    public override Fact<string> Configured(BootFiles host) => LoaderEntries.Find(host) is [var newest, ..]
        ? Try(newest, () => LoaderEntries.Options(host, newest))
        : LoaderEntries.WhyHidden(host) is { } hidden ? hidden : base.Configured(host);

    public override Fact<string> Generated(BootFiles host) => Fact.Absent<string>("");

    public override bool Reads(BootFiles host, string path) => path is File or CommandLineFile.KernelInstall;

    public override string? Key(BootFiles host) => LoaderEntries.Find(host).Count > 0 ? LoaderEntries.Key : base.Key(host);

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) =>
        LoaderEntries.Find(host) is [var newest, ..] ? LoaderEntries.Places(host, newest) : base.Places(host);

    public override void Plan(BootPlanBuilder plan, BootChange change)
    {
        if (plan.Host.Exists(File))
            EditVariables(plan, change);
        CommandLineFile.Plan(plan, CommandLineFile.KernelInstall, change);
        IReadOnlyList<string> entries = LoaderEntries.Find(plan.Host);
        foreach (string entry in entries)
            LoaderEntries.Plan(plan, entry, change);
        if (entries.Count > 0)
            plan.Because("GRUB reads the entries of /boot/loader/entries at each boot: this is what grubby --update-kernel=ALL would write.");
        else
            plan.Follow(Grubby(change, "--args", "--remove-args"), Grubby(change, "--remove-args", "--args"));
    }

    private static BootCommand Grubby(BootChange change, string adding, string removing)
    {
        List<string> arguments = ["--update-kernel=ALL"];
        if (!change.Add.IsEmpty)
            arguments.Add($"{adding}={string.Join(' ', change.Add)}");
        if (!change.Remove.IsEmpty)
            arguments.Add($"{removing}={string.Join(' ', change.Remove)}");
        return new BootCommand("grubby", [.. arguments], "the boot entries cannot be read here");
    }
}
