using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>
/// What a tar cannot hold of a host: that a file was not readable, and who may use a device node. One line each in a file
/// beside the host's: <c>errno 13 /sys/kernel/debug/x</c>, <c>status CharacterDevice 600 0 0 0 /dev/vfio/9</c>.
/// </summary>
internal static class HostArchiveNotes
{
    /// <summary>Where the notes are.</summary>
    public const string Path = "/.passthrough/notes";

    public static string Write(TreeSysfs tree)
    {
        var text = new StringBuilder();
        Write(text, "", tree.Root);
        return text.ToString();
    }

    public static void Apply(TreeSysfs tree)
    {
        if (tree.TryReadAll(Path, int.MaxValue, out var content) != Errno.Success)
        {
            return;
        }

        foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = line.IndexOf('/', StringComparison.Ordinal);
            var words = line[..Math.Max(path, 0)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (path > 0 && tree.Find(line.AsSpan(path)) is { } node)
            {
                Apply(node, words);
            }
        }
    }

    private static void Apply(TreeNode node, string[] words)
    {
        if (words is ["errno", var errno] && int.TryParse(errno, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            node.Errno = number;
        }
        else if (words is ["status", var kind, var mode, var user, var group, var size]
            && Enum.TryParse<FileKind>(kind, out var known)
            && uint.TryParse(mode, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            node.Status = new FileStatus(known, (UnixFileMode)(bits & 0xfff), Id(user), Id(group), bytes);
        }
    }

    private static void Write(StringBuilder text, string path, TreeNode node)
    {
        if (node.Errno != Errno.Success)
        {
            text.Append(CultureInfo.InvariantCulture, $"errno {node.Errno} {path}\n");
        }

        if (node.Status is { } status)
        {
            text.Append(CultureInfo.InvariantCulture, $"status {status.Kind} {(uint)status.Mode} {Id(status.UserId)} {Id(status.GroupId)} {status.Size} {path}\n");
        }

        if (node.Children is { } children)
        {
            foreach (var (name, child) in children)
            {
                Write(text, $"{path}/{name}", child);
            }
        }
    }

    private static uint? Id(string word) => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string Id(uint? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
