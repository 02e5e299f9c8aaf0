using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>Reads everything about one function.</summary>
/// <param name="sysfs">The host's files.</param>
/// <param name="unread">Takes what could not be read.</param>
/// <param name="withVitalProductData">Whether <c>vpd</c> is read too, which goes over a slow wire on the card.</param>
internal sealed class PciDetailsReader(ISysfs sysfs, UnreadSources unread, bool withVitalProductData = false)
{
    private const string Slots = "/sys/bus/pci/slots";

    // Without power: what is read then wakes it.
    private const string Asleep = "D3cold";

    private const string BeingReleased =
        "a driver seems to be releasing the device and may hold the kernel's lock on it: a read could then wait forever";

    // The address of vital product data has 15 bits.
    private const int MostVitalProductData = 1 << 15;

    private ValueList<(string Name, string Address)>? _slots;

    /// <summary>Reads one function.</summary>
    /// <param name="device">The device, as far as it is known.</param>
    public PciDeviceDetails Read(PciDevice device)
    {
        var directory = $"{PciDeviceReader.Bus}/{device.Address}";
        var files = new DeviceFiles(sysfs, directory, unread);
        var power = ReadPower(files);
        var interrupt = files.Number("irq");
        var messages = ReadMessageInterrupts(files, interrupt);
        var enabled = files.Flag("enable");
        var isBeingReleased = IsBeingReleased(device, enabled, messages);
        if (isBeingReleased == true)
        {
            files.LeaveLocked(BeingReleased);
        }

        var configuration = ReadConfiguration(directory, power);
        var bridge = configuration?.Header as BridgeHeader;
        return new PciDeviceDetails
        {
            IsBeingReleased = isBeingReleased,
            DriverOverride = files.TextUnderLock("driver_override"),
            Modalias = files.Text("modalias"),
            LocalCpus = files.Text("local_cpulist"),
            IsEnabled = enabled,
            Interrupt = interrupt,
            MessageInterrupts = messages,
            Power = power,
            Link = ReadLink(files) ?? ReadLink(configuration),
            Bars = ReadBars(files) ?? (configuration?.Header is { } header ? PciBar.FromHeader(header) : null),
            ResetMethods = files.TextOrEmpty("reset_method") is { } methods ? [.. methods.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : null,
            VfioDevice = HasVfioDevice(device) ? files.Names("vfio-dev") is [var name, ..] ? name : null : null,
            Sriov = ReadSriov(files),
            VirtualFunctionIndex = ReadVirtualFunctionIndex(device),
            MediatedDeviceTypes = ReadMediatedTypes(files),
            Bridges = ReadBridges(directory),
            SecondaryBus = files.Byte("secondary_bus_number") ?? bridge?.SecondaryBus,
            SubordinateBus = files.Byte("subordinate_bus_number") ?? bridge?.SubordinateBus,
            PhysicalSlot = FindSlot(device.Address),
            AcpiIndex = files.Number("acpi_index") ?? files.Number("index"),
            Label = files.Text("label"),
            AcpiPath = files.Text("firmware_node/path"),
            IsBootVga = files.Flag("boot_vga"),
            IsRemovable = files.Text("removable") switch { "removable" => true, "fixed" => false, _ => null },
            VitalProductData = withVitalProductData ? ReadVitalProductData(files, power) : null,
            Configuration = configuration,
        };
    }

    /// <summary>Reads of one function what tells whether it keeps others apart, five files instead of some forty.</summary>
    public PciDeviceDetails ReadIsolation(PciDevice device)
    {
        var directory = $"{PciDeviceReader.Bus}/{device.Address}";
        var files = new DeviceFiles(sysfs, directory, unread);
        var power = new PciPower { State = files.Text("power_state") };
        var configuration = ReadConfiguration(directory, power);
        var bridge = configuration?.Header as BridgeHeader;
        return new PciDeviceDetails
        {
            Power = power,
            Bridges = ReadBridges(directory),
            SecondaryBus = files.Byte("secondary_bus_number") ?? bridge?.SecondaryBus,
            SubordinateBus = files.Byte("subordinate_bus_number") ?? bridge?.SubordinateBus,
            Configuration = configuration,
        };
    }

    // The kernel takes the link away first, then the driver gives back what it has. Nobody drives a bridge for what is below it.
    private static bool? IsBeingReleased(PciDevice device, bool? enabled, ValueList<int>? messages) =>
        device.Driver is not null || device.ClassCode?.IsPciBridge == true ? false
        : enabled is null && messages is null ? null
        : enabled == true || messages is { IsEmpty: false };

    // Only drivers of VFIO create it; for all other functions one look less.
    private static bool HasVfioDevice(PciDevice device) => device.Driver?.Contains("vfio", StringComparison.Ordinal) == true;

    private static PciPower ReadPower(DeviceFiles files) => new()
    {
        State = files.Text("power_state"),
        RuntimeStatus = files.Text("power/runtime_status"),
        Control = files.Text("power/control"),
        IsD3ColdAllowed = files.Flag("d3cold_allowed"),
    };

    private static PciLink? ReadLink(DeviceFiles files)
    {
        // 255 lanes is the kernel's "unknown".
        var link = new PciLink(
            Speed(files.Text("current_link_speed")),
            files.Number("current_link_width"),
            Speed(files.Text("max_link_speed")),
            files.Number("max_link_width") is { } width and not 255 ? width : null);
        return link is { CurrentSpeed: null, CurrentWidth: null or 0, MaxSpeed: null, MaxWidth: null or 0 } ? null : link;
    }

    // Not under a kernel that has no files for it, nor in a dump; a link that leads nowhere has no lanes.
    private static PciLink? ReadLink(PciConfigurationSpace? configuration) =>
        configuration?.Find<PciExpressCapability>()?.Link is { } link
            ? new PciLink(link.Speed, link.Width, link.MaximumSpeed, link.MaximumWidth)
            : null;

    // "8.0 GT/s PCIe", "2.5 GT/s", "Unknown speed"
    private static double? Speed(string? text) =>
        text is not null && double.TryParse(text.AsSpan(0, Math.Max(text.IndexOf(' ', StringComparison.Ordinal), 0)), NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
            ? speed
            : null;

    private static ValueList<PciBar>? ReadBars(DeviceFiles files) =>
        files.TextOrEmpty("resource") is { } text
            ? [.. PciBar.ParseAll(text).Select(bar => files.Text($"resource{bar.Index}_resize") is { } sizes ? bar with { PossibleSizes = PciBar.ParseSizes(sizes) } : bar)]
            : null;

    private static PciSriov? ReadSriov(DeviceFiles files) =>
        files.Number("sriov_totalvfs") is { } total
            ? new PciSriov(
                total,
                files.NumberUnderLock("sriov_numvfs"),
                files.Number("sriov_offset"),
                files.Number("sriov_stride"),
                ushort.TryParse(files.Text("sriov_vf_device"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null,
                files.Flag("sriov_drivers_autoprobe"))
            {
                IsAriEnabled = files.Flag("ari_enabled"),
            }
            : null;

    private static ValueList<MediatedDeviceType> ReadMediatedTypes(DeviceFiles files)
    {
        const string Types = "mdev_supported_types";
        return [.. files.Names(Types).Select(id => new MediatedDeviceType(
            id,
            files.Text($"{Types}/{id}/name"),
            files.Text($"{Types}/{id}/description"),
            files.Text($"{Types}/{id}/device_api"),
            files.Number($"{Types}/{id}/available_instances"),
            files.Names($"{Types}/{id}/devices")))];
    }

    // The directory is there while there are any. Every kernel has irq; a dump has neither.
    private static ValueList<int>? ReadMessageInterrupts(DeviceFiles files, int? interrupt) =>
        files.Names("msi_irqs") is var names && names.IsEmpty && interrupt is null ? null : Numbers(names);

    private static ValueList<int> Numbers(ValueList<string> names) =>
        [.. names.Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : -1).Where(number => number >= 0).Order()];

    private int? ReadVirtualFunctionIndex(PciDevice device)
    {
        if (device.PhysicalFunction is not { } physical)
        {
            return null;
        }

        var files = new DeviceFiles(sysfs, $"{PciDeviceReader.Bus}/{physical}", unread);
        for (var index = 0; files.LinkName($"virtfn{index}") is { } name; index++)
        {
            if (name == device.Address.ToString())
            {
                return index;
            }
        }

        return null;
    }

    // ../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0
    private ValueList<PciAddress> ReadBridges(string directory)
    {
        var link = sysfs.ReadLink(directory);
        if (!link.IsKnown)
        {
            return [];
        }

        var bridges = new List<PciAddress>();
        foreach (var name in link.Value!.Split('/')[..^1])
        {
            if (PciAddress.TryParse(name, out var bridge))
            {
                bridges.Add(bridge);
            }
        }

        return bridges.ToValueList();
    }

    // The slot's address has no function: 0000:01:00.
    private string? FindSlot(PciAddress address)
    {
        _slots ??= [.. sysfs.List(Slots).Value.Select(name => (name, sysfs.ReadText($"{Slots}/{name}/address").Value ?? ""))];
        var slot = address.ToString()[..^2];
        return _slots.Value.FirstOrDefault(candidate => candidate.Address == slot).Name;
    }

    private static VitalProductData? ReadVitalProductData(DeviceFiles files, PciPower power) =>
        power.State != Asleep && files.Bytes("vpd", MostVitalProductData) is { } bytes ? VitalProductData.Parse(bytes.AsSpan()) : null;

    private PciConfigurationSpace? ReadConfiguration(string directory, PciPower power)
    {
        if (power.State == Asleep)
        {
            unread.Add($"{directory}/config", "the function has no power (D3cold), and a read would wake it");
            return null;
        }

        Span<byte> space = stackalloc byte[PciConfigurationSpace.ExtendedLength];
        var errno = sysfs.TryRead($"{directory}/config", space, out var length);
        unread.AddUnlessAbsent($"{directory}/config", errno);
        return errno == Errno.Success ? PciConfigurationSpace.Parse(space[..length]) : null;
    }
}
