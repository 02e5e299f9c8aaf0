using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>The ids of a fake function, and the files that the kernel would show them in.</summary>
internal sealed record FakePciIds(ushort Vendor, ushort Device, ushort SubsystemVendor, ushort SubsystemDevice, int Class, byte Revision)
{
    private string Modalias => string.Create(
        CultureInfo.InvariantCulture,
        $"pci:v{Vendor:X8}d{Device:X8}sv{SubsystemVendor:X8}sd{SubsystemDevice:X8}bc{Class >> 16:X2}sc{(Class >> 8) & 0xff:X2}i{Class & 0xff:X2}");

    /// <summary>The attributes that hold an id.</summary>
    public IEnumerable<(string Name, string Content)> Attributes()
    {
        yield return ("vendor", Hex(Vendor, 4));
        yield return ("device", Hex(Device, 4));
        yield return ("subsystem_vendor", Hex(SubsystemVendor, 4));
        yield return ("subsystem_device", Hex(SubsystemDevice, 4));
        yield return ("class", Hex(Class, 6));
        yield return ("revision", Hex(Revision, 2));
        yield return ("modalias", Modalias + "\n");
    }

    /// <summary>The uevent file; the kernel writes the class there without leading zeros.</summary>
    public string Uevent(PciAddress address, string? driver)
    {
        var text = new StringBuilder();
        if (driver is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"DRIVER={driver}\n");
        }

        return text
            .Append(CultureInfo.InvariantCulture, $"PCI_CLASS={Class:X}\nPCI_ID={Vendor:X4}:{Device:X4}\n")
            .Append(CultureInfo.InvariantCulture, $"PCI_SUBSYS_ID={SubsystemVendor:X4}:{SubsystemDevice:X4}\n")
            .Append(CultureInfo.InvariantCulture, $"PCI_SLOT_NAME={address}\nMODALIAS={Modalias}\n")
            .ToString();
    }

    /// <summary>A type 0 header without capabilities.</summary>
    public byte[] Configuration()
    {
        var config = new byte[256];
        BinaryPrimitives.WriteUInt16LittleEndian(config, Vendor);
        BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(2), Device);
        config[8] = Revision;
        config[9] = (byte)(Class & 0xff);
        config[10] = (byte)((Class >> 8) & 0xff);
        config[11] = (byte)((Class >> 16) & 0xff);
        BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x2c), SubsystemVendor);
        BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x2e), SubsystemDevice);
        return config;
    }

    /// <summary>A type 0 header with one capability: a PCI Express endpoint of one lane that can reset its function (PCI Express Base Specification, 7.5.3).</summary>
    public byte[] ExpressConfiguration()
    {
        const int Capability = 0x40;
        var config = new byte[4096];
        Configuration().CopyTo(config, 0);
        config[0x06] = 0x10; // status: there is a list of capabilities
        config[0x34] = Capability;
        var express = config.AsSpan(Capability);
        express[0] = 0x10;
        BinaryPrimitives.WriteUInt16LittleEndian(express[2..], 0x0002); // version 2, endpoint
        BinaryPrimitives.WriteUInt32LittleEndian(express[4..], 1u << 28); // resets its function
        BinaryPrimitives.WriteUInt32LittleEndian(express[0x0c..], 0x0011); // at most one lane of 2.5 GT/s
        BinaryPrimitives.WriteUInt16LittleEndian(express[0x12..], 0x0011); // and that now
        return config;
    }

    /// <summary>A type 1 header without capabilities.</summary>
    public byte[] BridgeConfiguration(byte primary, byte secondary, byte subordinate)
    {
        var config = Configuration();
        config[0x0e] = 1;
        config[0x18] = primary;
        config[0x19] = secondary;
        config[0x1a] = subordinate;
        return config;
    }

    private static string Hex(int value, int digits) => "0x" + value.ToString("x" + digits, CultureInfo.InvariantCulture) + "\n";
}
