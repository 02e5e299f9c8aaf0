using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads <see cref="FirmwareTables"/> from a host's files.</summary>
internal static class FirmwareReader
{
    public static FirmwareTables Read(ISysfs files)
    {
        var dmar = files.ReadBytes($"{FirmwareTables.Directory}/DMAR");

        // Xen takes VT-d for itself and hides the table from dom0 by writing its name backwards.
        var hidden = dmar.IsAbsent ? files.ReadBytes($"{FirmwareTables.Directory}/RMAD") : dmar;
        return new FirmwareTables
        {
            AcpiNames = files.List(FirmwareTables.Directory),
            Dmar = (hidden.IsAbsent ? dmar : hidden).Select(bytes => DmarTable.Parse(bytes.AsSpan())),
            Ivrs = files.ReadBytes($"{FirmwareTables.Directory}/IVRS").Select(bytes => IvrsTable.Parse(bytes.AsSpan())),
            Iort = files.ReadBytes($"{FirmwareTables.Directory}/IORT").Select(bytes => IortTable.Parse(bytes.AsSpan())),
            Viot = files.ReadBytes($"{FirmwareTables.Directory}/VIOT").Select(bytes => ViotTable.Parse(bytes.AsSpan())),
            DeviceTree = DeviceTreeReader.Read(files),
        };
    }
}
