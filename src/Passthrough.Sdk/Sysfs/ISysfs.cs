using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Sysfs;

/// <summary>
/// The kernel's small files (sysfs, proc) and what lies beside them, under a root. Nothing else in the library opens them.
/// </summary>
/// <remarks>
/// <para>
/// Paths are absolute as the host itself writes them (<c>/sys/bus/pci/devices</c>); the implementation puts its root in
/// front. Under a root other than <c>/</c> no link leads out of the root: an absolute one begins at the root, and
/// <c>..</c> stops there.
/// </para>
/// <para>
/// Nothing throws for what a host may do at any time (a device that vanishes, a file that is not permitted): the answer
/// is an errno. <see cref="SysfsFacts"/> turns answers into facts with source and reason. Thread safety: all members may
/// be called at once from several threads.
/// </para>
/// </remarks>
internal interface ISysfs
{
    /// <summary>One open, one read, one close: a second read of the same attribute could tear.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Takes the content. What does not fit is left out.</param>
    /// <param name="length">Bytes read.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryRead(string path, Span<byte> buffer, out int length);

    /// <summary>Reads a whole file that may be larger than a page and needs more than one read: proc, etc, boot, firmware tables.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have; a file that has more is not read (EFBIG).</param>
    /// <param name="content">The content; empty on failure.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryReadAll(string path, int limit, out byte[] content);

    /// <summary>Reads where a symbolic link points, without following it.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">The link's text; empty on failure.</param>
    /// <returns>0, or the errno of what failed (EINVAL: not a link).</returns>
    int TryReadLink(string path, out string target);

    /// <summary>Adds the names in a directory to <paramref name="names"/>, without "." and "..", in no particular order.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="names">Takes the names; nothing is added on failure.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryList(string path, ICollection<string> names);

    /// <summary>Returns the status of a path, after following links.</summary>
    /// <param name="path">The path.</param>
    /// <param name="status">Kind, permissions and owner.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryStatus(string path, out FileStatus status);

    /// <summary>One open, one write, one close; the file must exist, and is emptied first as a shell's <c>&gt;</c> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The bytes to write.</param>
    /// <returns>0, or the errno of what failed.</returns>
    /// <remarks>It can hang as long as the kernel likes: <see cref="SysfsWriter"/> gives it a deadline.</remarks>
    int TryWrite(string path, ReadOnlySpan<byte> content);

    /// <summary>Opens a directory of directories for many small reads in a row, without a string a read.</summary>
    /// <param name="path">The directory, for example <c>/sys/bus/pci/devices</c>.</param>
    /// <param name="cursor">The cursor; null on failure.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryOpenCursor(string path, out ISysfsCursor? cursor);

    /// <summary>The running kernel's own log, each line as dmesg writes it (<c>[    1.069501] DMAR: ...</c>).</summary>
    /// <param name="text">The log; empty on failure.</param>
    /// <returns>0, or the errno of what failed; ENOSYS where no running kernel is behind these files.</returns>
    int TryReadKernelLog(out string text)
    {
        text = "";
        return Errno.NotImplemented;
    }

    /// <summary>Asks the Xen under the running kernel for what no file shows, in the lines of <c>xl info</c>: xen_commandline and virt_caps.</summary>
    /// <param name="text">The lines; those that Xen does not answer are left out. Empty on failure.</param>
    /// <returns>0, or the errno of what failed; ENOSYS where no running kernel is behind these files, ENOENT where no Xen is under it.</returns>
    int TryAskXen(out string text)
    {
        text = "";
        return Errno.NotImplemented;
    }

    /// <summary>The running kernel's netlink; null if no running kernel is behind these files.</summary>
    INetlinkSource? Netlink => null;

    /// <summary>Whether a read can have to wait for a lock of the kernel; false where no kernel is behind these files.</summary>
    bool CanWait => true;

    /// <summary>Whether programs run that could have a device open; false only for a copy of a captured host that acts.</summary>
    bool RunsPrograms => true;

    /// <summary>Hands over what was learnt of the host on another way than by its files, so that a record can keep it as a file.</summary>
    /// <param name="path">The file that whoever reads the record will look for.</param>
    /// <param name="text">The content of the file.</param>
    void Keep(string path, string text)
    {
    }

    /// <summary>
    /// Opens a block device for reading, exclusively, and closes it at once. Nothing is read from it and nothing is written; a disk
    /// that sleeps may wake up.
    /// </summary>
    /// <param name="path">The node, for example <c>/dev/nvme0n1</c>.</param>
    /// <param name="number">The number that the node must have, <c>259:0</c>; another node is not opened (ENXIO).</param>
    /// <returns>
    /// 0 if nobody holds it, EBUSY where the kernel or a program does, or the errno of what failed; ENOSYS where no running
    /// kernel is behind these files.
    /// </returns>
    int TryClaim(string path, string number) => Errno.NotImplemented;

    /// <summary>Asks the kernel which block device a loop device stands on, whatever the name of its file is now.</summary>
    /// <param name="path">The loop device's node, <c>/dev/loop0</c>.</param>
    /// <param name="number">The number that the node must have, <c>7:0</c>; another node is not opened (ENXIO).</param>
    /// <param name="backing">The number of the block device below it, <c>259:0</c>; null if it stands on a file.</param>
    /// <returns>0, or the errno of what failed: ENXIO if it stands on nothing; ENOSYS where no running kernel is behind these files.</returns>
    /// <remarks>Source: LOOP_GET_STATUS64 of linux/loop.h (<c>losetup -O BACK-MAJ:MIN</c>).</remarks>
    int TryReadLoop(string path, string number, out string? backing)
    {
        backing = null;
        return Errno.NotImplemented;
    }
}
