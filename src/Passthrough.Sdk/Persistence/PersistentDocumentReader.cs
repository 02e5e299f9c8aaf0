using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>Converts models to the document of a header and back. What comes back is checked like what a caller gives.</summary>
internal static class PersistentDocumentReader
{
    public static PersistentDocument Of(PersistentBinding binding) => Of(binding.Device) with { Driver = binding.Driver };

    public static PersistentDocument Of(PersistentVirtualFunctions functions) =>
        Of(functions.Device) with { VirtualFunctions = functions.Count, ProbesDrivers = functions.ProbesDrivers };

    /// <summary>Reads a header.</summary>
    /// <exception cref="FormatException">It is not a document of this version, or a value in it is not valid.</exception>
    public static (PersistentBinding? Binding, PersistentVirtualFunctions? VirtualFunctions) Read(string json)
    {
        var document = Parse(json);
        if (document.Version != PersistentDocument.CurrentVersion)
        {
            throw new FormatException(FormattableString.Invariant($"its header has version {document.Version}, and this library knows version {PersistentDocument.CurrentVersion}"));
        }

        var device = new PersistentIdentity(
            PciAddress.Parse(document.Address),
            new PciIdentity(Word(document.Vendor), Word(document.Device))
            {
                SubsystemVendorId = document.SubsystemVendor is { } subsystemVendor ? Word(subsystemVendor) : null,
                SubsystemDeviceId = document.SubsystemDevice is { } subsystemDevice ? Word(subsystemDevice) : null,
                ClassCode = document.Class is { } code ? new PciClassCode((uint)Hex(code, 6)) : null,
                SerialNumber = document.SerialNumber is { } serial ? Hex(serial, 16) : null,
            },
            document.Path)
        {
            SerialNumberOffset = document.SerialNumberOffset,
        };
        PersistentValues.Check(device);
        switch (document)
        {
            case { Driver: { } driver, VirtualFunctions: null }:
                var binding = new PersistentBinding(device, driver);
                PersistentValues.Check(binding);
                return (binding, null);
            case { Driver: null, VirtualFunctions: { } count }:
                var functions = new PersistentVirtualFunctions(device, count, document.ProbesDrivers ?? false);
                PersistentValues.Check(functions);
                return (null, functions);
            default:
                throw new FormatException("its header names neither a driver nor a number of virtual functions");
        }
    }

    private static PersistentDocument Of(PersistentIdentity device) => new(
        PersistentDocument.CurrentVersion,
        device.Address.ToString(),
        device.Path,
        Hex(device.Identity.VendorId),
        Hex(device.Identity.DeviceId),
        device.Identity.SubsystemVendorId is { } subsystemVendor ? Hex(subsystemVendor) : null,
        device.Identity.SubsystemDeviceId is { } subsystemDevice ? Hex(subsystemDevice) : null,
        device.Identity.ClassCode?.ToString(),
        device.Identity.SerialNumber?.ToString("x16", CultureInfo.InvariantCulture),
        device.SerialNumberOffset);

    private static PersistentDocument Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PersistentDocumentJson.OneLine.PersistentDocument) ?? throw new FormatException("its header is empty");
        }
        catch (JsonException e)
        {
            throw new FormatException($"its header cannot be read ({e.Message})", e);
        }
    }

    private static string Hex(ushort id) => id.ToString("x4", CultureInfo.InvariantCulture);

    private static ushort Word(string digits) => (ushort)Hex(digits, 4);

    private static ulong Hex(string digits, int count) =>
        digits.Length == count && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException(FormattableString.Invariant($"'{digits}' in its header is not a number of {count} hexadecimal digits"));
}
