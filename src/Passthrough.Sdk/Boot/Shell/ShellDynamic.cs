using System.Collections.Frozen;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Variables of the shell itself, whose value may differ from the last assignment.</summary>
/// <remarks>bash(1), "Shell Variables", and dash(1); BASH and what begins with BASH_ belong to them.</remarks>
internal static class ShellDynamic
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
    [
        "RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "FUNCNAME", "GROUPS", "DIRSTACK", "HISTCMD", "PIPESTATUS",
        "PPID", "UID", "EUID", "SHELLOPTS", "OPTIND", "OPTARG", "OPTERR", "POSIXLY_CORRECT", "PWD", "OLDPWD", "LINES", "COLUMNS", "_",
    ], StringComparer.Ordinal);

    // Assigning these is an error in some shells, or switches how the rest is read.
    private static readonly FrozenSet<string> Unsettable = FrozenSet.ToFrozenSet(
        ["PPID", "UID", "EUID", "SHELLOPTS", "OPTIND", "POSIXLY_CORRECT", "FUNCNAME", "GROUPS", "DIRSTACK", "PIPESTATUS"],
        StringComparer.Ordinal);

    /// <summary>Whether the shell itself may change the variable between its assignment and its use.</summary>
    public static bool Changes(string name) => Names.Contains(name) || name.StartsWith("BASH", StringComparison.Ordinal);

    /// <summary>Whether an assignment may stop the shell, or change how it reads the rest.</summary>
    public static bool IsUnsettable(string name) => Unsettable.Contains(name) || name.StartsWith("BASH", StringComparison.Ordinal);
}
