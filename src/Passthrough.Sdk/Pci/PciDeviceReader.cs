using System.Buffers.Text;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci;

/// <summary>Reads the functions of <c>/sys/bus/pci/devices</c>: three files and three links each.</summary>
/// <remarks>
/// Of the kernel's files only those that take no lock: <c>uevent</c> has the ids and the driver in one read, but many kernels
/// show it under the device's lock, and a driver that waits for its users when it is to let go holds that for as long as it
/// waits. No signal ends such a read, nor the process that it is in. <c>modalias</c> says the same ids. One reader a thread.
/// </remarks>
internal sealed class PciDeviceReader(ISysfsCursor cursor, UnreadSources unread)
{
    public const string Bus = "/sys/bus/pci/devices";

    private const int PageSize = 4096;

    // The header's bytes up to the class; more of the configuration space is not this reader's business.
    private const int HeaderSize = 12;
    private const int RevisionOffset = 8;

    private readonly NamePool _drivers = new();
    private readonly byte[] _buffer = new byte[PageSize];

    /// <summary>Reads one function.</summary>
    /// <returns>Null if it is gone, or cannot be entered; that is noted.</returns>
    public PciDevice? Read(PciAddress address, string name)
    {
        var errno = cursor.TryEnter(name);
        if (errno != Errno.Success)
        {
            unread.Add($"{Bus}/{name}", Errno.IsAbsent(errno) ? UnreadSources.Vanished : Errno.Describe(errno));
            return null;
        }

        var driver = ReadDriverLink(name);
        var ids = ReadIds(name, ref driver);
        var hasSubsystem = ids.SubsystemVendor is not (null or 0 or 0xffff);
        return new PciDevice(address)
        {
            ClassCode = ids.Class is { } code ? new PciClassCode(code) : null,
            VendorId = ids.Vendor,
            DeviceId = ids.Device,
            SubsystemVendorId = hasSubsystem ? ids.SubsystemVendor : null,
            SubsystemDeviceId = hasSubsystem ? ids.SubsystemDevice : null,
            Revision = ReadRevision(name),
            Driver = driver,
            NumaNode = ReadNumaNode(name),
            IommuGroupId = Utf8Parser.TryParse(ReadLinkName(name, "iommu_group"u8), out int group, out _) ? group : null,
            PhysicalFunction = PciAddressText.TryParse(ReadLinkName(name, "physfn"u8), out var physical) ? physical : null,
        };
    }

    private PciIds ReadIds(string name, ref string? driver)
    {
        var ids = default(PciIds);
        ids.AddModalias(ReadFile(name, "modalias"u8));
        return ids.IsComplete ? ids : ReadOtherFiles(name, ids, ref driver);
    }

    // Every kernel has modalias. A tree captured by others may not, and each of its other files may be missing too.
    private PciIds ReadOtherFiles(string name, PciIds ids, ref string? driver)
    {
        ids.Vendor ??= (ushort?)ReadHex(name, "vendor"u8);
        ids.Device ??= (ushort?)ReadHex(name, "device"u8);
        ids.Class ??= ReadHex(name, "class"u8);
        ids.SubsystemVendor ??= (ushort?)ReadHex(name, "subsystem_vendor"u8);
        ids.SubsystemDevice ??= (ushort?)ReadHex(name, "subsystem_device"u8);
        if (ids.IsComplete)
        {
            return ids;
        }

        var uevent = ReadFile(name, "uevent"u8);
        foreach (var range in uevent.Split((byte)'\n'))
        {
            var line = uevent[range];
            if (line.StartsWith("DRIVER="u8))
            {
                driver ??= _drivers.Get(line["DRIVER="u8.Length..]);
            }
            else
            {
                ids.Add(line);
            }
        }

        return ids;
    }

    private byte? ReadRevision(string name)
    {
        var errno = cursor.TryRead("revision"u8, _buffer, out var length);
        if (errno == Errno.Success)
        {
            return PciIds.TryParsePrefixedHex(_buffer.AsSpan(0, length), out var revision) ? (byte)revision : null;
        }

        if (!Errno.IsAbsent(errno))
        {
            unread.Add($"{Bus}/{name}/revision", Errno.Describe(errno));
            return null;
        }

        errno = cursor.TryRead("config"u8, _buffer.AsSpan(0, HeaderSize), out length);
        unread.AddUnlessAbsent($"{Bus}/{name}/config", errno);
        return errno == Errno.Success && length > RevisionOffset ? _buffer[RevisionOffset] : null;
    }

    private int? ReadNumaNode(string name) =>
        Utf8Parser.TryParse(ReadFile(name, "numa_node"u8), out int node, out _) && node >= 0 ? node : null;

    private string? ReadDriverLink(string name)
    {
        var driver = ReadLinkName(name, "driver"u8);
        return driver.IsEmpty ? null : _drivers.Get(driver);
    }

    private uint? ReadHex(string name, ReadOnlySpan<byte> file) =>
        PciIds.TryParsePrefixedHex(ReadFile(name, file), out var value) ? value : null;

    private ReadOnlySpan<byte> ReadFile(string name, ReadOnlySpan<byte> file)
    {
        var errno = cursor.TryRead(file, _buffer, out var length);
        if (errno == Errno.Success)
        {
            return _buffer.AsSpan(0, length);
        }

        Note(name, file, errno);
        return default;
    }

    private ReadOnlySpan<byte> ReadLinkName(string name, ReadOnlySpan<byte> link)
    {
        var errno = cursor.TryReadLink(link, _buffer, out var length);
        if (errno == Errno.Success)
        {
            ReadOnlySpan<byte> target = _buffer.AsSpan(0, length);
            return target[(target.LastIndexOf((byte)'/') + 1)..];
        }

        Note(name, link, errno);
        return default;
    }

    private void Note(string name, ReadOnlySpan<byte> file, int errno)
    {
        if (!Errno.IsAbsent(errno))
        {
            unread.Add($"{Bus}/{name}/{Encoding.UTF8.GetString(file)}", Errno.Describe(errno));
        }
    }
}
