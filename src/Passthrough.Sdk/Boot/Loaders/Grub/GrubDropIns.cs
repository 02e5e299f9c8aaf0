using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Whether this host's grub-mkconfig reads /etc/default/grub.d, and what is there.</summary>
/// <remarks>
/// Debian's and Ubuntu's grub-mkconfig sources /etc/default/grub and then /etc/default/grub.d/*.cfg in the shell's order
/// of names (their patch to util/grub-mkconfig.in); upstream's up to 2.12 does not. The script itself is asked where it
/// is there; Ubuntu's cloud images set GRUB_CMDLINE_LINUX_DEFAULT again in 50-cloudimg-settings.cfg.
/// </remarks>
internal static class GrubDropIns
{
    public const string Directory = "/etc/default/grub.d";

    private static readonly string[] Scripts =
    [
        "/usr/sbin/grub-mkconfig", "/usr/sbin/grub2-mkconfig", "/usr/bin/grub-mkconfig", "/usr/bin/grub2-mkconfig", "/sbin/grub-mkconfig",
        "/sbin/grub2-mkconfig",
    ];

    public static IReadOnlyList<string> Find(BootFiles host)
    {
        var files = host.List(Directory, ".cfg");
        return files.Count > 0 && AreRead(host) ? files : [];
    }

    private static bool AreRead(BootFiles host)
    {
        foreach (var path in Scripts)
        {
            if (host.TryText(path) is { } script)
            {
                return script.Contains("default/grub.d", StringComparison.Ordinal);
            }
        }

        // Without the script the distribution decides; an unknown one that has such files has them for a reason.
        var release = OsRelease.Read(host);
        return !release.Is("fedora", "rhel", "centos", "suse", "opensuse");
    }
}
