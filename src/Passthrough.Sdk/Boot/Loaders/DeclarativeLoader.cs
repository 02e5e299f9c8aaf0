using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Systems that make their boot files anew from a declaration or an image: what is edited on the host is lost.</summary>
/// <remarks>NixOS Manual, "boot.kernelParams"; Flatcar's documentation of /oem/grub.cfg; Ubuntu Core's "system.kernel.cmdline-append".</remarks>
internal sealed class DeclarativeLoader(string name, string wayOut) : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.Declarative;

    /// <summary>The loader of such a system; null on any other.</summary>
    public static DeclarativeLoader? Find(BootFiles host) => OsRelease.Read(host).Id switch
    {
        "nixos" => new DeclarativeLoader("NixOS", "put the parameter into boot.kernelParams in /etc/nixos/configuration.nix, run nixos-rebuild boot, and boot again"),
        "flatcar" => new DeclarativeLoader("Flatcar", "write set linux_append=\"PARAMETER\" into /oem/grub.cfg, and boot again"),
        "ubuntu-core" => new DeclarativeLoader("Ubuntu Core", "run snap set system system.kernel.cmdline-append=PARAMETER, and boot again"),
        "talos" => new DeclarativeLoader("Talos", "put the parameter into machine.install.extraKernelArgs, and upgrade the machine"),
        _ => null,
    };

    public override Fact<string> Configured(BootFiles host)
    {
        if (LoaderEntries.Find(host) is [var newest, ..])
            return Try(newest, () => LoaderEntries.Options(host, newest));
        if (LoaderEntries.WhyHidden(host) is { } hidden)
            return hidden;
        return GrubCommands.MenuPath(host) is { } menu
            ? Try(menu, () => host.Read(menu) is { } text ? GrubMenu.CommandLine(Encoding.Latin1.GetString(text)) : null)
            : Fact.Unknown<string>("", $"{name} keeps it elsewhere");
    }

    public override string? Key(BootFiles host) => LoaderEntries.Find(host).Count > 0 ? LoaderEntries.Key : null;

    public override void Plan(BootPlanBuilder plan, BootChange change) =>
        throw new BootException($"{name} makes its boot files anew, and what is edited in them is lost - {wayOut}.");
}
