using System.Buffers;
using System.Globalization;

namespace Passthrough.Sdk.Pci;

/// <summary>One entry of the ids that vfio-pci or pci-stub is to take: <c>vendor:device[:subvendor[:subdevice[:class[:mask]]]]</c>, hexadecimal.</summary>
/// <remarks>
/// Source: drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids, which reads an entry with sscanf and passes over what has no vendor and device
/// ("invalid id string"); include/linux/pci.h and drivers/pci/pci.h, pci_match_one_device.
/// </remarks>
internal sealed record VfioPciId(string Text, uint Vendor, uint Device, uint SubsystemVendor, uint SubsystemDevice, uint Class, uint ClassMask, bool IsValid)
{
    private const uint Any = uint.MaxValue;
    private const int MostFields = 6;
    private const int Largest = 0xffff;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The entries of a list, those included that the kernel cannot read.</summary>
    /// <param name="list">The value of <c>ids=</c>.</param>
    public static IEnumerable<VfioPciId> ParseAll(string list) => list.Split(',').Where(entry => entry.Length > 0).Select(Parse);

    /// <summary>Whether a text looks like an entry that the kernel would take.</summary>
    /// <param name="text">The text.</param>
    public static bool IsOne(string text) => Parse(text) is { IsValid: true } id && id.Vendor <= Largest && id.Device <= Largest;

    /// <summary>Whether the driver takes a function by this entry.</summary>
    /// <param name="device">The function.</param>
    public bool Takes(PciDevice device) => IsValid
        && device is { VendorId: { } vendor, DeviceId: { } id }
        && Fits(Vendor, vendor) && Fits(Device, id)
        && Fits(SubsystemVendor, device.SubsystemVendorId ?? 0) && Fits(SubsystemDevice, device.SubsystemDeviceId ?? 0)
        && (ClassMask == 0 || (device.ClassCode is { } code && ((Class ^ (uint)code.Value) & ClassMask) == 0));

    private static bool Fits(uint wanted, int there) => wanted == Any || wanted == there;

    private static VfioPciId Parse(string text)
    {
        Span<uint> fields = [0, 0, Any, Any, 0, 0];
        var count = 0;
        var rest = text.AsSpan();
        while (count < MostFields && TryTakeNumber(ref rest, out fields[count]))
        {
            count++;
            if (rest.IsEmpty || rest[0] != ':')
            {
                break;
            }

            rest = rest[1..];
        }

        return new VfioPciId(text, fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], count >= 2);
    }

    // %x of the kernel's sscanf: blanks and 0x before it are stepped over, and it ends at the first letter that is not hexadecimal.
    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out uint number)
    {
        var digits = rest.TrimStart();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && digits.Length > 2 && char.IsAsciiHexDigit(digits[2]))
        {
            digits = digits[2..];
        }

        var length = digits.IndexOfAnyExcept(HexDigits);
        length = length < 0 ? digits.Length : length;
        number = Any;
        if (length == 0)
        {
            return false;
        }

        rest = digits[length..];
        _ = uint.TryParse(digits[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        return true;
    }
}
