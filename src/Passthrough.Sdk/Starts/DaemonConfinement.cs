using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Starts;

/// <summary>Whether AppArmor lets libvirt's daemon, and with it a hook, run a program.</summary>
/// <remarks>
/// The profile that libvirt ships (src/security/apparmor/usr.sbin.libvirtd.in, likewise for virtqemud and virtxend) lets the daemon run hooks in its own
/// confinement, and programs outside of it only in the system's directories of programs. Anywhere else the shell gets EACCES, and the hook ends with 126.
/// </remarks>
internal static class DaemonConfinement
{
    private static readonly string[] Reachable = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

    /// <summary>Returns why the daemon cannot run a program, with the way out; null if nothing is known to prevent it.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="daemon">The name of the daemon, <c>libvirtd</c>.</param>
    /// <param name="pid">The id of its process; null if it does not run.</param>
    /// <param name="program">The absolute path of the program.</param>
    public static string? Forbids(ISysfs files, string daemon, int? pid, string program)
    {
        var real = Resolve(files, program);
        var profile = $"usr.sbin.{daemon}";
        return Reachable.Any(directory => real.StartsWith(directory, StringComparison.Ordinal) && real.IndexOf('/', directory.Length) < 0)
            || !IsConfined(files, profile, pid)
            || ReadText(files, $"/etc/apparmor.d/local/{profile}").Contains(real, StringComparison.Ordinal)
                ? null
                : $"AppArmor lets {daemon} run programs in /usr/bin and /usr/sbin only, and {real} is elsewhere; copy it to /usr/bin and install the hook from there, or allow it: echo '{real} PUx,' >> /etc/apparmor.d/local/{profile} && systemctl reload apparmor";
    }

    // A process knows its own confinement; before it runs, the files say what it will be.
    private static bool IsConfined(ISysfs files, string profile, int? pid) =>
        pid is { } process
            ? ReadText(files, $"/proc/{process}/attr/current").Contains("(enforce)", StringComparison.Ordinal)
            : ReadText(files, "/sys/module/apparmor/parameters/enabled").StartsWith('Y')
                && files.TryStatus($"/etc/apparmor.d/{profile}", out _) == Errno.Success
                && files.TryStatus($"/etc/apparmor.d/disable/{profile}", out _) != Errno.Success;

    private static string Resolve(ISysfs files, string program) =>
        files.TryReadLink(program, out var target) == Errno.Success ? Path.GetFullPath(target, Path.GetDirectoryName(program)!) : program;

    private static string ReadText(ISysfs files, string path) =>
        files.TryReadAll(path, 64 * 1024, out var content) == Errno.Success ? Encoding.UTF8.GetString(content) : "";
}
