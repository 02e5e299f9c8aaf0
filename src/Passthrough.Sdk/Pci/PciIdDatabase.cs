using System.Text;

namespace Passthrough.Sdk.Pci;

/// <summary>
/// The names behind PCI ids: vendors, devices, subsystems and classes, from <c>pci.ids</c>.
/// </summary>
/// <remarks>
/// <para>
/// The file is that of the PCI ID repository (<c>man 5 pci.ids</c>), which <c>lspci</c> and <c>update-pciids</c> use. It is
/// read once and never parsed as a whole: one pass records where each vendor and class begins, and a look-up
/// searches only that block. Names that were looked up are cached, so many equal cards cost one search.
/// </para>
/// <para>A name is null if the file does not contain it or does not exist. No exception is thrown in this case.</para>
/// <para>Thread safety: all members may be called from several threads at the same time.</para>
/// </remarks>
public sealed class PciIdDatabase
{
    private readonly Lock _lock = new();
    private readonly PciNameCache _names = new();
    private readonly PciIdText _text;

    private PciIdDatabase(PciIdText text, string? source)
    {
        _text = text;
        Source = source;
    }

    private enum Kind
    {
        Vendor = 1,
        Device,
        Subsystem,
        Class,
        Subclass,
        ProgrammingInterface,
    }

    /// <summary>Gets an empty database.</summary>
    public static PciIdDatabase Empty { get; } = new(new PciIdText([]), null);

    /// <summary>Gets the file from which the names are read; null if none was found.</summary>
    public string? Source { get; }

    /// <summary>Opens the id database of a host.</summary>
    /// <param name="root">
    /// A directory with the files of a host: the usual paths of distributions are tried under it (<c>/usr/share/misc</c>,
    /// <c>/usr/share/hwdata</c>, <c>/var/lib/pciutils</c>, each as <c>pci.ids</c> and <c>pci.ids.gz</c>), then on this
    /// machine. Links are resolved inside the directory. Null means this machine.
    /// </param>
    /// <returns>The database; it is empty if there is no file.</returns>
    public static PciIdDatabase Load(string? root = null) =>
        PciIdFile.Find(root, out var source) is { } content ? new PciIdDatabase(new PciIdText(content), source) : Empty;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file, plain or compressed with gzip (detected by its content).</param>
    /// <returns>The database; it is empty if the file cannot be read.</returns>
    public static PciIdDatabase LoadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PciIdFile.TryRead(path) is { } content ? new PciIdDatabase(new PciIdText(content), path) : Empty;
    }

    /// <summary>Reads a database from memory.</summary>
    /// <param name="content">The content of a <c>pci.ids</c> file, UTF-8.</param>
    public static PciIdDatabase Parse(ReadOnlySpan<byte> content) => new(new PciIdText(content.ToArray()), null);

    /// <summary>Returns the name of a vendor (<c>Intel Corporation</c>), or null.</summary>
    /// <param name="vendorId">Vendor id, as in <c>/sys/bus/pci/devices/*/vendor</c>.</param>
    public string? FindVendor(ushort vendorId) => Find(Kind.Vendor, vendorId);

    /// <summary>Returns the name of a device (<c>82574L Gigabit Network Connection</c>), or null.</summary>
    /// <param name="vendorId">Vendor id.</param>
    /// <param name="deviceId">Device id.</param>
    public string? FindDevice(ushort vendorId, ushort deviceId) => Find(Kind.Device, ((ulong)vendorId << 16) | deviceId);

    /// <summary>
    /// Returns the name of a subsystem (the card of a chip), or null. As in lspci, the vendor's list of subsystems that are
    /// the same for every chip is searched second, and the device's own name is used last, if the card has the ids of its chip.
    /// </summary>
    /// <param name="vendorId">Vendor id of the device.</param>
    /// <param name="deviceId">Device id of the device.</param>
    /// <param name="subsystemVendorId">Vendor id of the subsystem; its vendor's name is <see cref="FindVendor"/>'s.</param>
    /// <param name="subsystemDeviceId">Device id of the subsystem.</param>
    public string? FindSubsystem(ushort vendorId, ushort deviceId, ushort subsystemVendorId, ushort subsystemDeviceId) =>
        Find(
            Kind.Subsystem,
            ((ulong)vendorId << 48) | ((ulong)deviceId << 32) | ((ulong)subsystemVendorId << 16) | subsystemDeviceId);

    /// <summary>Returns the name of a base class (<c>Network controller</c>), or null.</summary>
    /// <param name="baseClass">Base class, the upper byte of the class code.</param>
    public string? FindClass(byte baseClass) => Find(Kind.Class, baseClass);

    /// <summary>Returns the name of a subclass (<c>Ethernet controller</c>), or null.</summary>
    /// <param name="baseClass">Base class, the upper byte of the class code.</param>
    /// <param name="subclass">Subclass, the middle byte.</param>
    public string? FindSubclass(byte baseClass, byte subclass) => Find(Kind.Subclass, ((ulong)baseClass << 8) | subclass);

    /// <summary>Returns the name of a programming interface (<c>NVM Express</c>), or null.</summary>
    /// <param name="baseClass">Base class, the upper byte of the class code.</param>
    /// <param name="subclass">Subclass, the middle byte.</param>
    /// <param name="programmingInterface">Programming interface, the lower byte.</param>
    public string? FindProgrammingInterface(byte baseClass, byte subclass, byte programmingInterface) =>
        Find(Kind.ProgrammingInterface, ((ulong)baseClass << 16) | ((ulong)subclass << 8) | programmingInterface);

    /// <summary>The names of a vendor and its device in one; null when neither is known.</summary>
    internal string? FindName(ushort vendorId, ushort deviceId) => Join(FindVendor(vendorId), vendorId, FindDevice(vendorId, deviceId), deviceId);

    /// <summary>Both names; the id in the place of one that is not known, and null when neither is.</summary>
    internal static string? Join(string? vendor, ushort vendorId, string? device, ushort deviceId) =>
        vendor is null && device is null ? null : $"{vendor ?? $"{vendorId:x4}"} {device ?? $"{deviceId:x4}"}";

    private string? Find(Kind kind, ulong key)
    {
        lock (_lock)
        {
            if (!_names.TryGet((int)kind, key, out var name))
            {
                var range = Search(kind, key);
                name = range.IsEmpty ? null : Encoding.UTF8.GetString(range);
                _names.Add((int)kind, key, name);
            }

            return name;
        }
    }

    private ReadOnlySpan<byte> Search(Kind kind, ulong key) => kind switch
    {
        Kind.Vendor => _text.Vendor((int)key),
        Kind.Device => _text.Device((int)(key >> 16), (int)(key & 0xffff)),
        Kind.Subsystem => SearchSubsystem(key),
        Kind.Class => _text.Class((int)key),
        Kind.Subclass => _text.Subclass((int)(key >> 8), (int)(key & 0xff)),
        _ => _text.ProgrammingInterface((int)(key >> 16), (int)((key >> 8) & 0xff), (int)(key & 0xff)),
    };

    private ReadOnlySpan<byte> SearchSubsystem(ulong key)
    {
        var (vendor, device) = ((int)(key >> 48), (int)((key >> 32) & 0xffff));
        var (subvendor, subdevice) = ((int)((key >> 16) & 0xffff), (int)(key & 0xffff));
        var name = _text.Subsystem(vendor, device, subvendor, subdevice);
        if (name.IsEmpty)
        {
            name = _text.GenericSubsystem(subvendor, subdevice);
        }

        return name.IsEmpty && vendor == subvendor && device == subdevice ? _text.Device(vendor, device) : name;
    }
}
