using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Files;

/// <summary>A file of the host that this library writes as a whole: created, replaced or removed in one step, and never over a content that was not expected.</summary>
/// <param name="root">The directory that contains the host's files: <c>/</c>, or that of a fake host.</param>
/// <param name="path">The path on the host.</param>
/// <param name="mode">The permission bits of the file if it is new.</param>
/// <param name="staging">The host's directory for the temporary file, on the same file system; null for that of the file itself.</param>
internal sealed class TextFile(string root, string path, uint mode = AtomicFile.DefaultMode, string? staging = null)
{
    private const int MostBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _real = root == "/" ? path : Path.Join(root, path);
    private readonly string? _staging = staging is null || root == "/" ? staging : Path.Join(root, staging);

    /// <summary>Gets the path on the host.</summary>
    public string HostPath => path;

    /// <summary>Returns the content; null if there is no file.</summary>
    /// <exception cref="HostFileException">It cannot be read.</exception>
    /// <exception cref="PassthroughException">It is not a text.</exception>
    public string? Read()
    {
        LinuxSysfs.TryOpen("/", out var machine);
        var errno = machine!.TryReadAll(_real, MostBytes, out var content);
        if (Errno.IsAbsent(errno))
        {
            return null;
        }

        if (errno != Errno.Success)
        {
            throw new HostFileException(path, "read it", errno);
        }

        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new PassthroughException($"{path} is not a text in UTF-8, so it was not written by this library; check it, and delete or rename it by hand", e);
        }
    }

    /// <summary>Changes the content from one to another, and verifies it. Nothing happens if the file has the new content already.</summary>
    /// <param name="from">The expected content; null for no file.</param>
    /// <param name="to">The new content; null to remove the file.</param>
    /// <exception cref="HostFileException">It cannot be read, written or removed.</exception>
    /// <exception cref="PassthroughException">It has neither content: another program changed it, and it was not changed.</exception>
    public void Change(string? from, string? to)
    {
        AtomicFile.RemoveLeftovers(_real, _staging); // of a program that was killed here, also if the content is right by now
        var now = Read();
        if (now == to)
        {
            return;
        }

        if (now != from)
        {
            throw new PassthroughException($"{path} was {(now is null ? "removed" : from is null ? "created" : "changed")} by another program meanwhile, so it was left as it is; check it, and try again");
        }

        if (to is null)
        {
            AtomicFile.Delete(path, _real);
        }
        else
        {
            AtomicFile.Write(path, _real, Strict.GetBytes(to), mode, _staging);
        }

        if (Read() != to)
        {
            throw new PassthroughException($"{path} does not contain what was written to it; check whether another program also writes it");
        }
    }
}
