using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// Writes an archive in the form that the kernel unpacks as its first root (kernel: Documentation/driver-api/early-userspace/buffer-format.rst, "newc"),
/// not compressed, because unpacking under emulation costs more than reading.
/// </summary>
internal sealed class CpioArchive(Stream stream)
{
    private const int DirectoryMode = 0x41ed; // S_IFDIR, rwxr-xr-x
    private const int FileMode = 0x81ed; // S_IFREG, rwxr-xr-x

    private int _entries;
    private bool _isComplete;

    /// <summary>Adds a directory.</summary>
    public void AddDirectory(string name) => Add(name, DirectoryMode, []);

    /// <summary>Adds a file that can be executed.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> content) => Add(name, FileMode, content);

    /// <summary>Adds the entry that ends an archive.</summary>
    public void Complete()
    {
        Add("TRAILER!!!", 0, []);
        _isComplete = true;
    }

    private void Add(string name, int mode, ReadOnlySpan<byte> content)
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("the archive is complete");
        }

        if (name.Length == 0 || name[0] == '/')
        {
            throw new ArgumentException($"the name '{name}' in an archive must be relative", nameof(name));
        }

        var nameBytes = Encoding.UTF8.GetBytes($"{name}\0");
        // magic, inode, mode, uid, gid, links, time, size, device and rdevice as major and minor, length of the name, checksum
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"070701{++_entries:X8}{mode:X8}{0:X8}{0:X8}{1:X8}{0:X8}{content.Length:X8}{0:X8}{0:X8}{0:X8}{0:X8}{nameBytes.Length:X8}{0:X8}");
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(nameBytes);
        Pad(header.Length + nameBytes.Length);
        stream.Write(content);
        Pad(content.Length);
    }

    private void Pad(int length) => stream.Write(stackalloc byte[(4 - (length % 4)) % 4]);
}
