using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>A host's files in memory, where any path can fail with any errno: what root cannot be made to see on a real disk.</summary>
internal sealed class MemorySysfs : ISysfs
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileStatus> _statuses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly Dictionary<string, int> _claims = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _loops = new(StringComparer.Ordinal);
    private string? _log;

    public MemorySysfs Add(string path, string content) => Add(path, Encoding.UTF8.GetBytes(content));

    public MemorySysfs Add(string path, byte[] content)
    {
        _files[path] = content;
        return AddDirectory(path[..path.LastIndexOf('/')]);
    }

    public MemorySysfs AddLink(string path, string target)
    {
        _links[path] = target;
        return AddDirectory(path[..path.LastIndexOf('/')]);
    }

    public MemorySysfs AddNode(string path, int permissions = 0x1B6, uint owner = 0, uint group = 0, string? number = null, FileKind kind = FileKind.CharacterDevice)
    {
        _statuses[path] = new FileStatus(kind, (UnixFileMode)permissions, owner, group, 0) { DeviceNumber = number };
        return Add(path, "");
    }

    public MemorySysfs AddDirectory(string path)
    {
        for (; path.Length > 0 && _directories.Add(path); path = path[..path.LastIndexOf('/')])
        {
        }

        return this;
    }

    public MemorySysfs Log(string text)
    {
        _log = text;
        return this;
    }

    /// <summary>What an exclusive open of a node answers.</summary>
    public MemorySysfs Claim(string path, int errno)
    {
        _claims[path] = errno;
        return this;
    }

    /// <summary>What the kernel says a loop device stands on; null for a file.</summary>
    public MemorySysfs Loop(string path, string? backing)
    {
        _loops[path] = backing;
        return this;
    }

    /// <summary>From now on this path, and all below it, fails so.</summary>
    public MemorySysfs Deny(string path, int errno = Errno.AccessDenied)
    {
        _errors[path] = errno;
        return this;
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        if (ErrorOf(path) is not Errno.Success and var errno)
        {
            return errno;
        }

        if (!_files.TryGetValue(path, out var content))
        {
            return _directories.Contains(path) ? Errno.IsDirectory : Errno.NotFound;
        }

        length = Math.Min(buffer.Length, content.Length);
        content.AsSpan(0, length).CopyTo(buffer);
        return Errno.Success;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = new byte[_files.TryGetValue(path, out var file) ? file.Length : 0];
        return content.Length > limit ? Errno.TooLarge : TryRead(path, content, out _);
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        cursor = null;
        return Errno.NotImplemented;
    }

    public int TryReadLink(string path, out string target)
    {
        target = "";
        if (ErrorOf(path) is not Errno.Success and var errno)
        {
            return errno;
        }

        if (!_links.TryGetValue(path, out var link))
        {
            return _files.ContainsKey(path) || _directories.Contains(path) ? Errno.Invalid : Errno.NotFound;
        }

        target = link;
        return Errno.Success;
    }

    public int TryList(string path, ICollection<string> names)
    {
        if (ErrorOf(path) is not Errno.Success and var errno)
        {
            return errno;
        }

        if (!_directories.Contains(path))
        {
            return _files.ContainsKey(path) ? Errno.NotDirectory : Errno.NotFound;
        }

        var start = path + "/";
        foreach (var name in _files.Keys.Concat(_directories).Concat(_links.Keys)
            .Where(p => p.StartsWith(start, StringComparison.Ordinal))
            .Select(p => p[start.Length..].Split('/')[0])
            .Distinct(StringComparer.Ordinal))
        {
            names.Add(name);
        }

        return Errno.Success;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) => Errno.NotPermitted;

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        if (ErrorOf(path) is not Errno.Success and var errno)
        {
            return errno;
        }

        if (!_statuses.TryGetValue(path, out status))
        {
            status = new FileStatus(_directories.Contains(path) ? FileKind.Directory : FileKind.Regular, UnixFileMode.UserRead, 0, 0, 0);
            return _directories.Contains(path) || _files.ContainsKey(path) ? Errno.Success : Errno.NotFound;
        }

        return Errno.Success;
    }

    public int TryReadKernelLog(out string text)
    {
        text = _log ?? "";
        return ErrorOf("/dev/kmsg") is not Errno.Success and var errno ? errno : _log is null ? Errno.NotImplemented : Errno.Success;
    }

    public int TryReadLoop(string path, string number, out string? backing) =>
        _loops.TryGetValue(path, out backing) ? Errno.Success : Errno.NotImplemented;

    public int TryClaim(string path, string number) => _claims.GetValueOrDefault(path, Errno.NotImplemented);

    private int ErrorOf(string path) => _errors
        .Where(e => path == e.Key || path.StartsWith(e.Key + "/", StringComparison.Ordinal))
        .Select(e => e.Value)
        .FirstOrDefault();
}
