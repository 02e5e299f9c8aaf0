using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Proxmox with proxmox-boot-tool: systemd-boot from /etc/kernel/cmdline, or GRUB from /etc/default/grub, on every EFI system partition.</summary>
/// <remarks>
/// Proxmox VE Administration Guide, "Host Bootloader": systemd-boot where the host starts by UEFI from ZFS without Secure
/// Boot, GRUB otherwise. update-grub alone writes a grub.cfg that nothing reads there.
/// </remarks>
internal sealed class ProxmoxLoader(bool grub) : GrubLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.ProxmoxBootTool;

    public override Fact<string> Configured(BootFiles host) => grub
        ? base.Configured(host)
        : Try(CommandLineFile.KernelInstall, () => host.Read(CommandLineFile.KernelInstall) is { } text
            ? CommandLineFile.Join(Encoding.Latin1.GetString(text))
            : null);

    public override Fact<string> Generated(BootFiles host) => Fact.Absent<string>("");

    public override string? Key(BootFiles host) => grub ? base.Key(host) : null;

    public override bool Reads(BootFiles host, string path) => path == (grub ? File : CommandLineFile.KernelInstall);

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) => grub
        ? base.Places(host)
        : CommandLineText.Split(Configured(host).Value ?? "").Select(t => new BootParameterPlace(t.Parameter, CommandLineFile.KernelInstall, null));

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        if (grub)
        {
            base.Plan(plan, change);
            return;
        }

        if (!CommandLineFile.Plan(plan, CommandLineFile.KernelInstall, change))
        {
            throw new BootException($"{CommandLineFile.KernelInstall} does not exist - proxmox-boot-tool needs it: create it with the root parameter of /proc/cmdline.");
        }

        if (plan.HasEdits)
        {
            plan.Follow(Regenerate(plan.Host));
        }
    }

    protected override BootCommand Regenerate(BootFiles host) =>
        new("proxmox-boot-tool", ["refresh"], "copies kernels and command line to every EFI system partition of /etc/kernel/proxmox-boot-uuids");
}
