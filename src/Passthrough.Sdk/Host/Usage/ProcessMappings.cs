using System.Text;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The device nodes and PCI registers that a process has mapped: a mapping holds its device after the descriptor is closed.</summary>
internal static class ProcessMappings
{
    private const int Limit = 64 * 1024 * 1024;
    private const string Gone = " (deleted)";

    /// <summary>Reads /proc/PID/maps.</summary>
    /// <param name="files">The host.</param>
    /// <param name="process">The process's directory in /proc.</param>
    /// <param name="errno">0, or why it could not be read.</param>
    /// <returns>The paths, with the file of /proc/PID/map_files that leads to each.</returns>
    public static List<(string Path, string Link)> Read(ISysfs files, string process, out int errno)
    {
        var found = new List<(string, string)>();
        errno = files.TryReadAll($"/proc/{process}/maps", Limit, out var content);
        ReadOnlySpan<byte> text = content;
        string? last = null;
        foreach (var range in text.Split((byte)'\n'))
        {
            // A table has thousands of lines, and hardly one of them is wanted: those are not made into text.
            var line = text[range];
            var slash = line.IndexOf((byte)'/');
            if (slash < 0 || !IsWanted(line[slash..]))
            {
                continue;
            }

            var path = Encoding.UTF8.GetString(line[slash..]);
            if (path != last)
            {
                found.Add((path, $"/proc/{process}/map_files/{Encoding.UTF8.GetString(line[..line.IndexOf((byte)' ')])}"));
                last = path;
            }
        }

        return found;
    }

    private static bool IsWanted(ReadOnlySpan<byte> path) =>
        path.StartsWith("/sys/devices/"u8)
        || (path.IndexOf("/dev/"u8) >= 0 && !path.StartsWith("/dev/shm/"u8) && !path.StartsWith("/dev/hugepages"u8) && !path.StartsWith("/dev/zero"u8));

    /// <summary>The path without what the kernel writes behind that of a file which is gone.</summary>
    public static string WithoutGone(string path) => path.EndsWith(Gone, StringComparison.Ordinal) ? path[..^Gone.Length] : path;
}
