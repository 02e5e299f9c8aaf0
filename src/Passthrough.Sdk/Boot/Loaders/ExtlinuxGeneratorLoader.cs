using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>extlinux.conf by a generator that sources a shell file: Debian's u-boot-menu, Alpine's update-extlinux.</summary>
internal sealed class ExtlinuxGeneratorLoader(string path, string key, string command) : ShellVariableLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.Extlinux;

    protected override string[] Keys => [key];

    public static ExtlinuxGeneratorLoader? Find(BootFiles host) => host switch
    {
        _ when host.HasProgram("u-boot-update") => new ExtlinuxGeneratorLoader("/etc/default/u-boot", "U_BOOT_PARAMETERS", "u-boot-update"),
        _ when host.Exists("/etc/update-extlinux.conf") => new ExtlinuxGeneratorLoader("/etc/update-extlinux.conf", "default_kernel_opts", "update-extlinux"),
        _ => null,
    };

    protected override IReadOnlyList<string> Paths(BootFiles host) => [path];

    public override Fact<string> Generated(BootFiles host) =>
        ExtlinuxLoader.Find(host) is { } menu ? Try(menu, () => ExtlinuxLoader.FirstEntry(host, menu)) : Fact.Absent<string>("/boot/extlinux/extlinux.conf");

    public override string? AddsItself(BootFiles host, BootParameter parameter) =>
        parameter.Name is "BOOT_IMAGE" or "initrd" ? "syslinux adds it at each boot" : null;

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        if (EditVariables(plan, change))
        {
            plan.Follow(new BootCommand(command, [], $"extlinux.conf is generated from {path}"));
        }
    }
}
