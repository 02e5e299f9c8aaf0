using System.Buffers.Text;

namespace Passthrough.Sdk.Pci;

/// <summary>The ids of a function as the kernel's texts give them, piece by piece.</summary>
internal struct PciIds
{
    public ushort? Vendor;
    public ushort? Device;
    public ushort? SubsystemVendor;
    public ushort? SubsystemDevice;
    public uint? Class;

    /// <summary>Whether nothing is missing.</summary>
    public readonly bool IsComplete =>
        Vendor is not null && Device is not null && SubsystemVendor is not null && SubsystemDevice is not null && Class is not null;

    /// <summary>Takes what is still missing from a line of a uevent file; other lines are passed over.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("PCI_ID="u8))
        {
            if (TryParsePair(line["PCI_ID="u8.Length..], out var vendor, out var device))
            {
                Vendor ??= vendor;
                Device ??= device;
            }
        }
        else if (line.StartsWith("PCI_SUBSYS_ID="u8))
        {
            if (TryParsePair(line["PCI_SUBSYS_ID="u8.Length..], out var vendor, out var device))
            {
                SubsystemVendor ??= vendor;
                SubsystemDevice ??= device;
            }
        }
        else if (line.StartsWith("PCI_CLASS="u8)
            && TryParseHex(line["PCI_CLASS="u8.Length..], out var code) && code <= 0xffffff)
        {
            // Without leading zeros: 20000 is class 020000.
            Class ??= code;
        }
    }

    /// <summary>Takes what is still missing from a modalias: <c>pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00</c>.</summary>
    public void AddModalias(ReadOnlySpan<byte> modalias)
    {
        if (!modalias.StartsWith("pci:v"u8))
        {
            return;
        }

        var rest = modalias["pci:v"u8.Length..];
        if (TryTake(ref rest, 8, "d"u8, out var vendor)
            && TryTake(ref rest, 8, "sv"u8, out var device)
            && TryTake(ref rest, 8, "sd"u8, out var subsystemVendor)
            && TryTake(ref rest, 8, "bc"u8, out var subsystemDevice)
            && TryTake(ref rest, 2, "sc"u8, out var baseClass)
            && TryTake(ref rest, 2, "i"u8, out var subclass)
            && TryTake(ref rest, 2, default, out var programmingInterface))
        {
            Vendor ??= (ushort)(vendor & 0xffff);
            Device ??= (ushort)(device & 0xffff);
            SubsystemVendor ??= (ushort)(subsystemVendor & 0xffff);
            SubsystemDevice ??= (ushort)(subsystemDevice & 0xffff);
            Class ??= (baseClass << 16) | (subclass << 8) | programmingInterface;
        }
    }

    /// <summary>Reads <c>0x8086</c> and whatever white space follows.</summary>
    public static bool TryParsePrefixedHex(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        text = text.TrimEnd("\n\0 "u8);
        return text.StartsWith("0x"u8) && TryParseHex(text[2..], out value);
    }

    private static bool TryParsePair(ReadOnlySpan<byte> text, out ushort first, out ushort second)
    {
        first = second = 0;
        var colon = text.IndexOf((byte)':');
        if (colon < 0 || !TryParseHex(text[..colon], out var one) || !TryParseHex(text[(colon + 1)..], out var other))
        {
            return false;
        }

        (first, second) = ((ushort)(one & 0xffff), (ushort)(other & 0xffff));
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> text, out uint value) =>
        Utf8Parser.TryParse(text, out value, out var consumed, 'x') && consumed == text.Length;

    private static bool TryTake(ref ReadOnlySpan<byte> text, int digits, ReadOnlySpan<byte> separator, out uint value)
    {
        value = 0;
        if (text.Length < digits || !TryParseHex(text[..digits], out value) || !text[digits..].StartsWith(separator))
        {
            return false;
        }

        text = text[(digits + separator.Length)..];
        return true;
    }
}
