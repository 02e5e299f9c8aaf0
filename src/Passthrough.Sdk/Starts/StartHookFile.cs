using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Starts;

/// <summary>The hook's file: where libvirt looks for it, and whether its daemon has.</summary>
/// <remarks>
/// libvirt's src/util/virhook.c: when a daemon starts, and at SIGHUP, it notes for which drivers a hook exists, and calls none for the others. For a driver that has one, it reads the directory at each call (libvirt 6.5.0).
/// </remarks>
internal static class StartHookFile
{
    public const string Hooks = "/etc/libvirt/hooks";

    /// <summary>libvirt runs only what is executable.</summary>
    public const uint Mode = 0x1ED; // 0755

    /// <summary>Returns the hook's file. Its temporary file is elsewhere: libvirt would run it, too.</summary>
    public static TextFile Of(string directory, string path) => new(directory, path, Mode, Hooks);

    private const int MostBytes = 64 * 1024;

    /// <summary>Returns the path of the hook.</summary>
    /// <param name="isXen">Whether the host is a Xen dom0, whose driver in libvirt has hooks of its own.</param>
    public static string PathOf(bool isXen) => $"{Hooks}/{DriverOf(isXen)}.d/passthrough";

    /// <summary>Reads the state of the hook.</summary>
    public static StartHookStatus Read(ISysfs files, bool isXen)
    {
        var path = PathOf(isXen);
        var errno = files.TryReadAll(path, MostBytes, out var content);
        if (errno != Errno.Success)
        {
            return Errno.IsAbsent(errno)
                ? new() { File = path, State = StartHookState.Absent, Reason = "libvirt asks nobody before it starts a domain" }
                : new() { File = path, State = StartHookState.Unknown, Reason = $"{path}: {Errno.Describe(errno)}" };
        }

        if (StartHookScript.Read(System.Text.Encoding.UTF8.GetString(content)) is not { } script)
        {
            return new() { File = path, State = StartHookState.Unknown, Reason = $"{path} was not written by this library", IsEdited = true };
        }

        var (state, reason) = StateOf(files, path, isXen, script.Options);
        return new() { File = path, State = state, Reason = reason, Options = script.Options, IsEdited = script.IsEdited };
    }

    private static (StartHookState State, string Reason) StateOf(ISysfs files, string path, bool isXen, StartHookOptions options)
    {
        // "dotnet /path/program.dll" needs both.
        foreach (var needed in options.Command.Where((word, index) => index == 0 || (word.StartsWith('/') && word.EndsWith(".dll", StringComparison.Ordinal))))
        {
            var errno = files.TryStatus(needed, out _);
            if (errno != Errno.Success)
            {
                return Errno.IsAbsent(errno)
                    ? (StartHookState.ProgramMissing, $"{needed} does not exist")
                    : (StartHookState.Unknown, $"{needed}: {Errno.Describe(errno)}");
            }
        }

        if (Forbids(files, isXen, options.Command[0]) is { } forbidden)
        {
            return (StartHookState.ProgramOutOfReach, forbidden);
        }

        if (DaemonOf(files, isXen) is not { } daemon)
        {
            return (StartHookState.InEffect, "libvirt's daemon does not run, and finds the hook when it starts");
        }

        if (daemon.Started is not { } started)
        {
            return (StartHookState.Unknown, $"it cannot be read when {daemon.Name} started");
        }

        return OlderHooks(files, isXen, path, started) switch
        {
            null => (StartHookState.Unknown, $"{Hooks} cannot be read"),
            true => (StartHookState.InEffect, $"{daemon.Name} has called hooks since it started"),
            false => (StartHookState.NotInEffect, $"{daemon.Name} has been running since before, and has seen the hook only if it was told to reload since: systemctl reload {daemon.Name}, which running domains do not notice"),
        };
    }

    /// <summary>Returns why libvirt's daemon cannot run a program, with the way out; null if nothing is known to prevent it.</summary>
    public static string? Forbids(ISysfs files, bool isXen, string program)
    {
        // A daemon that does not run yet may be the split one or the other.
        return DaemonOf(files, isXen) is { } daemon ? DaemonConfinement.Forbids(files, daemon.Name, daemon.Id, program)
            : Daemons(isXen).Select(name => DaemonConfinement.Forbids(files, name, pid: null, program)).FirstOrDefault(reason => reason is not null);
    }

    // The daemon writes its number into this file when it starts. Null if none runs.
    private static (string Name, int Id, DateTimeOffset? Started)? DaemonOf(ISysfs files, bool isXen)
    {
        Span<byte> number = stackalloc byte[32];
        foreach (var name in Daemons(isXen))
        {
            var file = $"/run/{name}.pid";
            if (files.TryRead(file, number, out var length) == Errno.Success
                && int.TryParse(number[..length], out var pid)
                && files.TryStatus($"/proc/{pid}", out _) == Errno.Success)
            {
                return (name, pid, files.TryStatus(file, out var status) == Errno.Success ? status.Modified : null);
            }
        }

        return null;
    }

    // Whether a hook of this driver was there when the daemon started: any one makes it look at each call.
    private static bool? OlderHooks(ISysfs files, bool isXen, string path, DateTimeOffset started)
    {
        var names = new List<string>();
        var directory = $"{Hooks}/{DriverOf(isXen)}.d";
        if (files.TryList(directory, names) != Errno.Success)
        {
            return null;
        }

        foreach (var hook in names.Select(name => $"{directory}/{name}").Append($"{Hooks}/{DriverOf(isXen)}").Append(path))
        {
            if (files.TryStatus(hook, out var status) == Errno.Success && status.Kind == FileKind.Regular && (status.Mode & UnixFileMode.UserExecute) != 0)
            {
                if (status.Modified is not { } modified)
                {
                    return null;
                }

                if (modified < started)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string[] Daemons(bool isXen) => [isXen ? "virtxend" : "virtqemud", "libvirtd"];

    private static string DriverOf(bool isXen) => isXen ? "libxl" : "qemu";
}
