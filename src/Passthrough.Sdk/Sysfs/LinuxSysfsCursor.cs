using System.Text;
using Microsoft.Win32.SafeHandles;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A cursor over open directories: the kernel looks the long path up once a directory.</summary>
internal sealed class LinuxSysfsCursor : ISysfsCursor
{
    private const int DirectoryFlags = LibC.PathOnly | LibC.CloseOnExec;
    private const int FileFlags = LibC.ReadOnly | LibC.NonBlocking | LibC.NoTerminal | LibC.CloseOnExec;
    private const int Nowhere = -1;

    private readonly LinuxSysfs _sysfs;
    private readonly SafeFileHandle _base;
    private readonly string _path;
    private int _current = Nowhere;
    private string _name = "";

    public LinuxSysfsCursor(LinuxSysfs sysfs, string path, SafeFileHandle directory)
    {
        _sysfs = sysfs;
        _path = path;
        _base = directory;
    }

    public int TryEnter(string name)
    {
        Leave();
        _name = name;
        if (_sysfs.IsConfined)
        {
            // The directory is usually a link upwards: only a look-up from the root keeps it inside.
            Span<char> path = stackalloc char[NativePath.StackSize / 3];
            return path.TryWrite($"{_path}/{name}", out var written)
                ? _sysfs.Open(path[..written], DirectoryFlags | LibC.DirectoryOnly, out _current)
                : _sysfs.Open($"{_path}/{name}", DirectoryFlags | LibC.DirectoryOnly, out _current);
        }

        using var native = new NativePath(name, stackalloc byte[NativePath.StackSize]);
        return LinuxSysfs.OpenAt((int)_base.DangerousGetHandle(), native.Bytes, DirectoryFlags | LibC.DirectoryOnly, out _current);
    }

    public int TryRead(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        length = 0;
        if (_current == Nowhere)
        {
            return Errno.NotFound;
        }

        var errno = LinuxSysfs.OpenAt(_current, name, FileFlags | LibC.NoFollow, out var file);
        if (errno == Errno.TooManyLinks)
        {
            // No kernel has an attribute that is a link; a captured tree may.
            return _sysfs.TryRead($"{_path}/{_name}/{Encoding.UTF8.GetString(name)}", buffer, out length);
        }

        if (errno == Errno.Success)
        {
            errno = LinuxSysfs.Read(file, buffer, out length);
            _ = LibC.Close(file);
        }

        return errno;
    }

    public int TryReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        length = 0;
        return _current == Nowhere ? Errno.NotFound : LinuxSysfs.ReadLinkAt(_current, name, buffer, out length);
    }

    public void Dispose()
    {
        Leave();
        _base.Dispose();
    }

    private void Leave()
    {
        if (_current != Nowhere)
        {
            _ = LibC.Close(_current);
            _current = Nowhere;
        }
    }
}
