using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Finds out whether /proc shows every process of the host. Without that, no mount and no open node that is found proves nothing.</summary>
/// <remarks>
/// Sources: pid_namespaces(7); the kernel gives the initial PID namespace a fixed inode number (PROC_PID_INIT_INO in
/// include/linux/proc_ns.h). The option hidepid of /proc: proc(5).
/// </remarks>
internal static class ProcessView
{
    private const string Link = "/proc/self/ns/pid";
    private const string Initial = "pid:[4026531836]";
    private const string Init = "1";

    /// <summary>Returns why processes of the host may be missing in /proc; null if nothing speaks for it.</summary>
    /// <param name="files">The host.</param>
    /// <param name="processes">The names in /proc.</param>
    public static string? Missing(ISysfs files, Fact<ValueList<string>> processes)
    {
        var space = files.ReadLink(Link);
        if (space is { IsKnown: true, Value: { } own } && own != Initial)
        {
            return "this program runs in a PID namespace of its own (a container), in which the host's other processes are not visible";
        }

        return space.IsKnown && processes.IsKnown && !processes.Value.Contains(Init)
            ? "/proc does not show the processes of other users (its option hidepid)"
            : null;
    }
}
