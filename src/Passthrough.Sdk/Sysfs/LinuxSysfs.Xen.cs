using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>What the Xen under this kernel says of itself, which is behind hypercalls and not behind files.</summary>
/// <remarks>
/// Source: Linux include/uapi/xen/privcmd.h; Xen's public headers version.h, whose calls never change, and sysctl.h, whose calls have a
/// version: Xen refuses any other than its own, and only those are used whose structure is known.
/// </remarks>
internal sealed unsafe partial class LinuxSysfs
{
    private const string PrivilegedCommands = "/dev/xen/privcmd";
    private const int PageSize = 4096;

    private const ulong XenVersion = 17;
    private const ulong XenCommandLine = 9;
    private const int XenCommandLineSize = 1024;

    private const ulong XenSystemControl = 35;
    private const uint PhysicalInformation = 3;
    private const int CapabilitiesOffset = 8 + (7 * sizeof(uint));

    // XEN_SYSCTL_INTERFACE_VERSION of Xen 4.16, and of 4.17 and later.
    private static readonly uint[] _interfaceVersions = [0x15, 0x14];

    // XEN_SYSCTL_PHYSCAP_*, with the words of xl info.
    private const uint Hvm = 1, Pv = 2, DirectIo = 4, Hap = 8, Shadow = 16, SharedTables = 32;

    public int TryAskXen(out string text)
    {
        text = "";
        if (_root is not null)
        {
            return Errno.NotImplemented;
        }

        var errno = Open(PrivilegedCommands, LibC.ReadWrite | LibC.CloseOnExec, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        // A page of its own: Xen reads and writes it at its address in this process.
        var page = (byte*)NativeMemory.AlignedAlloc(PageSize, PageSize);
        try
        {
            var lines = new StringBuilder();
            new Span<byte>(page, PageSize).Clear();
            errno = Ask(file, XenVersion, XenCommandLine, (ulong)page);
            if (errno == Errno.Success)
            {
                var line = new ReadOnlySpan<byte>(page, XenCommandLineSize);
                var end = line.IndexOf((byte)0);
                lines.Append("xen_commandline : ").Append(Encoding.UTF8.GetString(end < 0 ? line : line[..end])).Append('\n');
            }

            foreach (var version in _interfaceVersions)
            {
                new Span<byte>(page, PageSize).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(page, sizeof(uint)), PhysicalInformation);
                BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(page + sizeof(uint), sizeof(uint)), version);
                if (Ask(file, XenSystemControl, (ulong)page, 0) == Errno.Success)
                {
                    lines.Append("virt_caps : ").Append(WordsOf(BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(page + CapabilitiesOffset, sizeof(uint))))).Append('\n');
                    break;
                }
            }

            text = lines.ToString();
            return text.Length > 0 ? Errno.Success : errno;
        }
        finally
        {
            NativeMemory.AlignedFree(page);
            _ = LibC.Close(file);
        }
    }

    private static int Ask(int file, ulong call, ulong first, ulong second)
    {
        var hypercall = stackalloc ulong[] { call, first, second, 0, 0, 0 };
        return LibC.Control(file, LibC.Hypercall, hypercall) < 0 ? Marshal.GetLastPInvokeError() : Errno.Success;
    }

    private static string WordsOf(uint capabilities)
    {
        bool Has(uint bits) => (capabilities & bits) == bits;
        (bool Has, string Word)[] words =
        [
            (Has(Pv), "pv"), (Has(Hvm), "hvm"), (Has(Hvm | DirectIo), "hvm_directio"), (Has(Pv | DirectIo), "pv_directio"),
            (Has(Hap), "hap"), (Has(Shadow), "shadow"), (Has(SharedTables), "iommu_hap_pt_share"),
        ];
        return string.Join(' ', words.Where(word => word.Has).Select(word => word.Word));
    }
}
