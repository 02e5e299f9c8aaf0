using System.Text;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>Paths on a fake host, which are the same on every machine.</summary>
internal static class HostPath
{
    /// <summary>Returns an absolute path without empty names, dots and a slash at its end; <c>/</c> is the root.</summary>
    /// <exception cref="ArgumentException">The path leads out of the host.</exception>
    public static string Normalize(string path)
    {
        if (IsShort(path))
        {
            return path;
        }

        var names = new List<string>();
        return Walk(names, path) ? "/" + string.Join('/', names) : throw new ArgumentException($"'{path}' leads out of the fake host", nameof(path));
    }

    /// <summary>Returns the path as <see cref="Normalize"/> does, but <c>..</c> stops at the root, as in the kernel: what a captured link says is not the caller's mistake.</summary>
    public static string Resolve(string path)
    {
        var names = new List<string>();
        _ = Walk(names, path);
        return "/" + string.Join('/', names);
    }

    /// <summary>The directory of a path; the root for the root.</summary>
    public static string DirectoryOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    /// <summary>The last name of a path or of a link's text.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The text of a link in a directory that leads to a path.</summary>
    public static string Relative(string directory, string path)
    {
        // Up to where both are the same, at the end of a name.
        var (at, same) = (0, 0);
        var (from, to) = (directory.TrimEnd('/'), path.TrimEnd('/'));
        while (at <= from.Length && at <= to.Length && (at == from.Length ? '/' : from[at]) == (at == to.Length ? '/' : to[at]))
        {
            if (at == from.Length || at == to.Length || from[at] == '/')
            {
                same = at;
            }

            if (at == from.Length || at == to.Length)
            {
                break;
            }

            at++;
        }

        var text = new StringBuilder();
        foreach (var c in from.AsSpan(same))
        {
            _ = c == '/' ? text.Append("../") : text;
        }

        var rest = to.AsSpan(same).TrimStart('/');
        return text.Length == 0 && rest.IsEmpty ? "." : rest.IsEmpty ? text.ToString(0, text.Length - 1) : text.Append(rest).ToString();
    }

    /// <summary>
    /// The text of a link that leads to the same place of the host where the host is a directory of this machine: an absolute one begins at the host's
    /// root, and <c>..</c> stops there. The names of other links are not followed, so <c>..</c> after a link means the directory that its text is in.
    /// </summary>
    /// <param name="link">The path of the link on the host.</param>
    /// <param name="target">Its text.</param>
    public static string Contained(string link, string target)
    {
        if (!target.Contains('/', StringComparison.Ordinal) && target is not "..")
        {
            return target; // a name beside it, or the name of something that is no file
        }

        var directory = DirectoryOf(link);
        var names = target.StartsWith('/') ? [] : directory.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        _ = Walk(names, target);
        return Relative(directory, "/" + string.Join('/', names));
    }

    // Goes on from a directory by the names of a path. ".." stops at the root, as in the kernel; false if it did.
    private static bool Walk(List<string> names, string path)
    {
        var stays = true;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name is not (".." or "."))
            {
                names.Add(name);
            }
            else if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else
            {
                stays &= name == ".";
            }
        }

        return stays;
    }

    private static bool IsShort(string path)
    {
        for (var at = 0; at < path.Length; at++)
        {
            // What begins with a dot may be a dot.
            if (path[at] == '/' && (at + 1 == path.Length || path[at + 1] is '/' or '.'))
            {
                return false;
            }
        }

        return path.StartsWith('/');
    }
}
