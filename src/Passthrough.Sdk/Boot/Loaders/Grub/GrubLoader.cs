using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>GRUB 2 with a generated menu: normal entries get GRUB_CMDLINE_LINUX, then GRUB_CMDLINE_LINUX_DEFAULT (util/grub.d/10_linux.in).</summary>
internal class GrubLoader : ShellVariableLoader
{
    public const string File = "/etc/default/grub";

    public override BootLoaderKind Kind => BootLoaderKind.Grub;

    /// <summary>The variables of a normal entry, in order.</summary>
    public static string[] Variables { get; } = ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"];

    protected override string[] Keys => Variables;

    public override bool Reads(BootFiles host, string path) => path == File;

    public override Fact<string> Generated(BootFiles host)
    {
        if (GrubCommands.MenuPath(host) is not { } path)
        {
            return Fact.Absent<string>("/boot/grub/grub.cfg");
        }

        if (host.WhyNot(path) is { } reason)
        {
            return Fact.Unknown<string>(path, reason);
        }

        return GrubMenu.CommandLine(host.TryText(path)!) is { } line ? Fact.Known(line, path) : Fact.Absent<string>(path);
    }

    protected override IReadOnlyList<string> Paths(BootFiles host) => [File, .. GrubDropIns.Find(host)];

    public override string? AddsItself(BootFiles host, BootParameter parameter)
    {
        if (parameter.Name == "BOOT_IMAGE")
        {
            return "GRUB adds it at each boot";
        }

        return Generated(host) is { IsKnown: true } generated && CommandLineText.Split(generated.Value!).Any(t => t.Parameter == parameter)
            ? $"grub-mkconfig writes it into {generated.Source}"
            : null;
    }

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var changed = EditVariables(plan, change);
        if (changed || IsStale(plan.Host, change))
        {
            plan.Follow(Regenerate(plan.Host));
        }
    }

    /// <summary>The command that generates the menu.</summary>
    protected virtual BootCommand Regenerate(BootFiles host) => GrubCommands.Regenerate(host);

    /// <summary>Whether the menu is older than the file, because the file was edited and update-grub was not run.</summary>
    protected virtual bool IsStale(BootFiles host, BootChange change) =>
        Generated(host) is { IsKnown: true, Value: { } line } && !CommandLineEdit.Compute([line], change).IsEmpty;
}
