using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The program that holds the journal: its text in the lock file, for other programs.</summary>
internal static class JournalHolder
{
    /// <summary>Writes this program's process id, start and name.</summary>
    public static void Write(Stream file)
    {
        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        file.SetLength(0);
        var start = LinuxSysfs.TryOpen("/", out var machine) == Errno.Success ? StartOf(machine!, id) : "";
        file.Write(Encoding.UTF8.GetBytes($"{id} {start} {AppDomain.CurrentDomain.FriendlyName}\n"));
        file.Flush();
    }

    /// <summary>The program that wrote the file, as <c>name (process id)</c>; null if it no longer runs or does not hold the lock, or if the file is empty.</summary>
    /// <remarks>It is read without .NET's own locks, because reading must neither take the journal's lock nor fail because of it.</remarks>
    public static string? Read(string path) =>
        LinuxSysfs.TryOpen("/", out var machine) == Errno.Success
        && machine!.ReadText(path).Value?.Split(' ', 3) is [var id, var start, var name]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && StartOf(machine!, id) == start && HoldsALock(machine!, id)
            ? $"{name} (process {id})"
            : null;

    // The time at which a process began tells it from a later one with the same number. Kernel: proc(5), field 22 of stat.
    private static string StartOf(LinuxSysfs machine, string id) =>
        machine.ReadText($"/proc/{id}/stat").Value is { } stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is { Length: > 19 } fields ? fields[19] : "";

    // A program that runs on after its plan holds no lock any more. Kernel: proc(5), locks: number, kind, mode, access, process.
    // Where the kernel does not show its locks, the name stands: the program removes it when it unlocks.
    private static bool HoldsALock(LinuxSysfs machine, string id) =>
        machine.ReadText("/proc/locks").Value is not { } locks
        || locks.Split('\n').Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "FLOCK", _, _, var owner, ..] && owner == id);
}
