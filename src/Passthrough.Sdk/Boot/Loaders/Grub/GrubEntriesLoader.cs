using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>GRUB 2 with Boot Loader Specification entries (GRUB_ENABLE_BLSCFG): what <c>grubby --update-kernel=ALL</c> would edit.</summary>
/// <remarks>
/// GRUB reads the entries at boot, so that no menu has to be generated. /etc/default/grub and /etc/kernel/cmdline are for
/// kernels to come. RHEL 8 keeps the line once, as kernelopts in GRUB's environment block.
/// </remarks>
internal sealed class GrubEntriesLoader : GrubLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.GrubEntries;

    public override Fact<string> Configured(BootFiles host) => LoaderEntries.Find(host) is [var newest, ..]
        ? Try(newest, () => GrubEntry.Options(host, newest))
        : LoaderEntries.WhyHidden(host) is { } hidden ? hidden : base.Configured(host);

    public override Fact<string> Generated(BootFiles host) => Fact.Absent<string>("");

    public override bool Reads(BootFiles host, string path) => path is File or CommandLineFile.KernelInstall;

    public override string? Key(BootFiles host) => LoaderEntries.Find(host).Count > 0 ? LoaderEntries.Key : base.Key(host);

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) =>
        LoaderEntries.Find(host) is [var newest, ..] ? GrubEntry.Places(host, newest) : base.Places(host);

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var entries = LoaderEntries.Find(plan.Host);
        if (entries.Count == 0 && LoaderEntries.WhyHidden(plan.Host) is { } hidden)
        {
            throw new BootException($"{hidden.Source}: the boot entries cannot be read ({hidden.Reason}) - run it as root, or run {Grubby(change)} by hand.");
        }

        if (plan.Host.Exists(File))
        {
            EditVariables(plan, change);
        }

        CommandLineFile.Plan(plan, CommandLineFile.KernelInstall, change);
        foreach (var entry in entries)
        {
            GrubEntry.Plan(plan, entry, change);
        }

        if (entries.Count > 0)
        {
            plan.Because("GRUB reads the entries of /boot/loader/entries at each boot. The change is the one that grubby --update-kernel=ALL makes.");
            return;
        }

        // What the entries hold is not known, so that no command is known to take the change out of them again.
        plan.FollowForward(Grubby(change));
        plan.Because("No boot entry was found here, so grubby changes those of the host. A revert restores only the files above; change the entries back by hand (grubby --info=ALL shows them).");
    }

    private static BootCommand Grubby(BootChange change)
    {
        List<string> arguments = ["--update-kernel=ALL"];
        if (!change.Add.IsEmpty)
        {
            arguments.Add($"--args={string.Join(' ', change.Add)}");
        }

        if (!change.Remove.IsEmpty)
        {
            arguments.Add($"--remove-args={string.Join(' ', change.Remove)}");
        }

        return new BootCommand("grubby", [.. arguments], "no boot entry can be read here");
    }
}
