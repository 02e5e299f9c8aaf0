using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads an IVRS table.</summary>
internal static class IvrsParser
{
    private const int FirstBlock = 48;
    private const byte AcpiDeviceEntry = 0xf0;

    public static IvrsTable Parse(ReadOnlySpan<byte> content)
    {
        var reader = AcpiReader.Open(content, "IVRS");
        var table = new IvrsTable();
        if (!reader.Has(0, FirstBlock))
        {
            reader.Note(reader.Data.Length, "the table ends before its first block");
            return reader.WithHeader(table);
        }

        var info = reader.U32(36);
        table = table with
        {
            DmaProtectionOptIn = (info & 2) != 0,
            PhysicalAddressSize = (int)((info >> 8) & 0x7f),
            VirtualAddressSize = (int)((info >> 15) & 0x7f),
        };
        for (var at = FirstBlock; at < reader.Data.Length; at += reader.U16(at + 2))
        {
            var type = reader.U8(at);
            int length = reader.U16(at + 2);
            if (!reader.Fits(at, length, MinimumLength(type), reader.Data.Length, $"block of type {type:x2}h"))
            {
                break;
            }

            table = type switch
            {
                0x10 or 0x11 or 0x40 => table with { Units = [.. table.Units, Unit(reader, type, at, at + length)] },
                0x20 or 0x21 or 0x22 => table with { Memory = [.. table.Memory, Memory(reader, type, at)] },
                _ => table,
            };
        }

        return reader.WithHeader(table);
    }

    private static int MinimumLength(byte type) => type switch
    {
        0x10 => 24,
        0x11 or 0x40 => 40,
        0x20 or 0x21 or 0x22 => 32,
        _ => 4,
    };

    private static PciAddress Address(ushort segment, ushort requester) =>
        new(segment, (byte)(requester >> 8), (byte)((requester >> 3) & 0x1f), (byte)(requester & 7));

    private static IvrsMemory Memory(AcpiReader r, byte type, int at)
    {
        var flags = r.U8(at + 1);
        var segment = r.U16(at + 8);
        PciAddress? first = type == 0x20 ? null : Address(segment, r.U16(at + 4));
        var last = type == 0x22 ? Address(segment, r.U16(at + 6)) : first;
        return new IvrsMemory(
            first, last, r.U64(at + 16), r.U64(at + 24), (flags & 1) != 0, (flags & 8) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    private static IvrsUnit Unit(AcpiReader r, byte type, int at, int end)
    {
        var isOld = type == 0x10;
        var segment = r.U16(at + 16);
        return new IvrsUnit(
            type,
            Address(segment, r.U16(at + 4)),
            r.U16(at + 6),
            r.U64(at + 8),
            isOld ? r.U32(at + 20) : r.U64(at + 24),
            Devices(r, segment, at + (isOld ? 24 : 40), end));
    }

    private static ValueList<IvrsDevice> Devices(AcpiReader r, ushort segment, int start, int end)
    {
        var devices = new List<IvrsDevice>();
        IvrsDevice? open = null;
        for (int at = start, length; at < end; at += length)
        {
            var type = r.U8(at);
            length = EntryLength(r, type, at);
            if (!r.Fits(at, length, length, end, $"device entry of type {type:x2}h"))
            {
                break;
            }

            var device = Address(segment, r.U16(at + 1));
            var settings = r.U8(at + 3);
            PciAddress? alias = type is 0x42 or 0x43 ? Address(segment, r.U16(at + 5)) : null;
            switch (type)
            {
                case 1:
                    devices.Add(new IvrsDevice(Address(segment, 0), Address(segment, 0xffff), null, IvrsSpecialDevice.None, 0, settings, null));
                    break;
                case 2 or 0x42 or 0x46:
                    devices.Add(new IvrsDevice(device, device, alias, IvrsSpecialDevice.None, 0, settings, null));
                    break;
                case 3 or 0x43 or 0x47:
                    open = new IvrsDevice(device, device, alias, IvrsSpecialDevice.None, 0, settings, null);
                    break;
                case 4 when open is not null:
                    devices.Add(open with { Last = device });
                    open = null;
                    break;
                case 4:
                    r.Note(at, "the end of a range that has no start");
                    break;
                case 0x48:
                    var source = Address(segment, r.U16(at + 5));
                    devices.Add(new IvrsDevice(source, source, null, (IvrsSpecialDevice)r.U8(at + 7), r.U8(at + 4), settings, null));
                    break;
                case AcpiDeviceEntry:
                    devices.Add(new IvrsDevice(device, device, null, IvrsSpecialDevice.AcpiDevice, 0, settings, r.Text(at + 4, 8)));
                    break;
            }
        }

        if (open is not null)
        {
            r.Note(end, $"the range from {open.First} has no end");
        }

        return devices.ToValueList();
    }

    // The two high bits of a type give the length, but for the ACPI device, which carries its own.
    private static int EntryLength(AcpiReader r, byte type, int at) => type switch
    {
        AcpiDeviceEntry => 22 + r.U8(at + 21),
        _ => 4 << (type >> 6),
    };
}
