using System.IO.Abstractions;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>From a path of the host to one of this machine, with every link on the way kept under the root.</summary>
internal sealed class RootedPaths
{
    // The kernel's own limit (ELOOP).
    private const int MostLinks = 40;

    private readonly IFileSystem _files;
    private readonly string _root;

    public RootedPaths(IFileSystem files, string root)
    {
        _files = files;
        _root = files.Path.TrimEndingDirectorySeparator(files.Path.GetFullPath(root));
    }

    /// <summary>Finds the real path.</summary>
    /// <param name="path">An absolute path of the host.</param>
    /// <param name="followLast">Whether a link at the end is followed.</param>
    /// <param name="real">The path on this machine; nothing needs to be there.</param>
    /// <returns>0, EINVAL for a path that is not absolute, or ELOOP.</returns>
    public int TryResolve(string path, bool followLast, out string real)
    {
        real = "";
        if (path.Length == 0 || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            return Errno.Invalid;
        }

        if (_root == "/")
        {
            real = path;
            return Errno.Success;
        }

        return TryFollow(path, followLast, out real);
    }

    /// <summary>Returns the target of a link; null if the path is not a link or does not exist.</summary>
    public string? LinkTarget(string real) => _files.FileInfo.New(real).LinkTarget;

    private int TryFollow(string path, bool followLast, out string real)
    {
        var done = new List<string>();
        ReadOnlySpan<char> rest = path;
        for (var links = 0; PathNames.TryTake(ref rest, out var name);)
        {
            if (name is "..")
            {
                // At the root ".." stays there, as in the kernel.
                done.RemoveRange(Math.Max(done.Count - 1, 0), Math.Min(done.Count, 1));
                continue;
            }

            done.Add(name.ToString());
            if ((!followLast && PathNames.IsEmpty(rest)) || LinkTarget(Join(done)) is not { Length: > 0 } target)
            {
                continue;
            }

            if (++links > MostLinks)
            {
                real = "";
                return Errno.TooManyLinks;
            }

            done.RemoveAt(done.Count - 1);
            if (target[0] == '/')
            {
                done.Clear();
            }

            rest = PathNames.Follow(target, rest);
        }

        real = Join(done);
        return Errno.Success;
    }

    private string Join(List<string> names) => names.Count == 0 ? _root : $"{_root}/{string.Join('/', names)}";
}
