using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>
/// An <c>lspci -xxx[x]</c> dump in the shape of the kernel's files, so that every reader takes it for a host: the list of
/// functions, and of each its ids, its configuration space and the bridges above it.
/// </summary>
/// <remarks>
/// A file of a function that the dump cannot know is not there; anything else of the host is not known (ENODATA), which is
/// not the same as absent. Thread safety: immutable.
/// </remarks>
internal sealed class LspciDumpSysfs : ISysfs
{
    private const string Bus = "/sys/bus/pci/devices";

    private readonly SortedDictionary<PciAddress, LspciDumpFunction> _functions;

    public LspciDumpSysfs(LspciDump dump) =>
        _functions = new(dump.Functions.ToDictionary(function => function.Address));

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        var errno = TryContent(path, out var content);
        length = Math.Min(content.Length, buffer.Length);
        content.AsSpan(0, length).CopyTo(buffer);
        return errno;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        var errno = TryContent(path, out content);
        if (content.Length > limit)
        {
            (errno, content) = (Errno.TooLarge, []);
        }

        return errno;
    }

    public int TryReadLink(string path, out string target)
    {
        target = "";
        if (!TrySplit(path, out var function, out var file))
        {
            return Errno.NoData;
        }

        if (file.Length > 0)
        {
            return Errno.NotFound;
        }

        target = Place(function);
        return Errno.Success;
    }

    public int TryList(string path, ICollection<string> names)
    {
        if (path != Bus)
        {
            return TrySplit(path, out _, out _) ? Errno.NotFound : Errno.NoData;
        }

        foreach (var address in _functions.Keys)
        {
            names.Add(address.ToString());
        }

        return Errno.Success;
    }

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        return TrySplit(path, out _, out _) ? Errno.NotFound : Errno.NoData;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) => Errno.ReadOnly;

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        cursor = path == Bus ? new Cursor(this) : null;
        return cursor is null ? Errno.NoData : Errno.Success;
    }

    private static byte[] Modalias(LspciDumpFunction function)
    {
        if (function.Configuration.Header is not { } header)
        {
            return [];
        }

        var (vendor, device) = (function.SubsystemVendorId ?? 0, function.SubsystemDeviceId ?? 0);
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"pci:v{header.VendorId:X8}d{header.DeviceId:X8}sv{vendor:X8}sd{device:X8}bc{header.ClassCode >> 16:X2}sc{(header.ClassCode >> 8) & 0xff:X2}i{header.ClassCode & 0xff:X2}\n"));
    }

    private int TryContent(string path, out byte[] content)
    {
        content = [];
        if (!TrySplit(path, out var function, out var file))
        {
            return Errno.NoData;
        }

        var found = file switch
        {
            "modalias" => Modalias(function),
            "config" => function.Configuration.Bytes.ToArray(),
            _ => null,
        };
        content = found ?? [];
        return found is null ? Errno.NotFound : Errno.Success;
    }

    /// <summary>Takes <c>/sys/bus/pci/devices/ADDRESS/FILE</c> apart.</summary>
    private bool TrySplit(string path, out LspciDumpFunction function, out string file)
    {
        (function, file) = (null!, "");
        if (!path.StartsWith(Bus + "/", StringComparison.Ordinal))
        {
            return false;
        }

        var rest = path[(Bus.Length + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        file = slash < 0 ? "" : rest[(slash + 1)..];
        return PciAddress.TryParse(slash < 0 ? rest : rest[..slash], out var address) && _functions.TryGetValue(address, out function!);
    }

    // ../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0, by the bus numbers of the bridges
    private string Place(LspciDumpFunction function)
    {
        var path = new List<PciAddress> { function.Address };
        while (Above(path[^1]) is { } bridge && !path.Contains(bridge))
        {
            path.Add(bridge);
        }

        path.Reverse();
        var root = path[0];
        return string.Create(CultureInfo.InvariantCulture, $"../../../devices/pci{root.Domain:x4}:{root.Bus:x2}/{string.Join('/', path)}");
    }

    private PciAddress? Above(PciAddress address)
    {
        foreach (var (bridge, function) in _functions)
        {
            if (bridge.Domain == address.Domain && bridge.Bus != address.Bus && function.Configuration.Header is { } header
                && (header as BridgeHeader)?.SecondaryBus is var below && (below ?? (header as CardBusHeader)?.CardBus) == address.Bus)
            {
                return bridge;
            }
        }

        return null;
    }

    private sealed class Cursor(LspciDumpSysfs files) : ISysfsCursor
    {
        private string _directory = "";

        public int TryEnter(string name)
        {
            _directory = $"{Bus}/{name}";
            return files.TrySplit(_directory, out _, out _) ? Errno.Success : Errno.NotFound;
        }

        public int TryRead(ReadOnlySpan<byte> name, Span<byte> buffer, out int length) =>
            files.TryRead($"{_directory}/{Encoding.UTF8.GetString(name)}", buffer, out length);

        public int TryReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
        {
            length = 0;
            return Errno.NotFound;
        }

        public void Dispose()
        {
        }
    }
}
