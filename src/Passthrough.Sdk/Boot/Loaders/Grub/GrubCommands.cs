using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The command that generates GRUB's menu on this host, and where that menu is.</summary>
/// <remarks>
/// Debian and its kin: update-grub. Others: grub2-mkconfig or grub-mkconfig with the path of the file that GRUB reads.
/// On Fedora since 34 the one on the EFI system partition is a stub that must not be overwritten (it says configfile):
/// then it is /boot/grub2/grub.cfg.
/// </remarks>
internal static class GrubCommands
{
    private const string Why = "GRUB's menu is generated from /etc/default/grub";

    public static BootCommand Regenerate(BootFiles host)
    {
        var release = OsRelease.Read(host);
        var debian = release.Is("debian", "ubuntu");
        var output = MenuPath(host) ?? (debian || release.Is("arch", "gentoo", "alpine") ? "/boot/grub/grub.cfg" : "/boot/grub2/grub.cfg");
        if (host.HasProgram("update-grub") || (debian && !host.HasProgram("grub-mkconfig") && !host.HasProgram("grub2-mkconfig")))
        {
            return new BootCommand("update-grub", [], Why);
        }

        var program = host.HasProgram("grub2-mkconfig") || (!host.HasProgram("grub-mkconfig") && output.Contains("grub2", StringComparison.Ordinal))
            ? "grub2-mkconfig"
            : "grub-mkconfig";
        if (host.HasProgram("transactional-update") && host.First("/usr/lib/os-release", "/etc/os-release") is not null && release.Is("opensuse-microos", "sle-micro", "sl-micro", "opensuse-aeon"))
        {
            return new BootCommand("transactional-update", ["grub.cfg"], Why);
        }

        return new BootCommand(program, ["-o", output], Why);
    }

    /// <summary>The generated menu; null if none is found.</summary>
    public static string? MenuPath(BootFiles host)
    {
        foreach (var link in (ReadOnlySpan<string>)(host.Exists("/sys/firmware/efi") ? ["/etc/grub2-efi.cfg", "/etc/grub2.cfg"] : ["/etc/grub2.cfg"]))
        {
            if (host.LinkTarget(link) is { } target && Absolute(target) is var path && host.TryText(path) is { } text && !IsStub(text))
            {
                return path;
            }
        }

        return host.First("/boot/grub2/grub.cfg", "/boot/grub/grub.cfg");
    }

    private static bool IsStub(string text) => text.Contains("configfile", StringComparison.Ordinal) && !text.Contains("menuentry", StringComparison.Ordinal)
        && !text.Contains("blscfg", StringComparison.Ordinal);

    private static string Absolute(string target) => Path.GetFullPath(target, "/etc");
}
