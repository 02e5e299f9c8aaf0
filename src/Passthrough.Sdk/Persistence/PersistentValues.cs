using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>Checks the values that become part of a udev rule and of a shell command: only characters without a special meaning there are allowed.</summary>
internal static class PersistentValues
{
    private const int MostNameLength = 63;
    private const int FirstExtended = 0x100;
    private const int LastExtended = 0xff4;
    private const int MostVirtualFunctions = ushort.MaxValue;

    /// <exception cref="FormatException">A value is not valid.</exception>
    public static void Check(PersistentBinding binding)
    {
        Check(binding.Device);
        if (!IsDriverName(binding.Driver))
        {
            throw new FormatException($"'{Printable(binding.Driver)}' is not the name of a driver; it has up to {MostNameLength} letters, digits, dashes and underscores, as in /sys/bus/pci/drivers");
        }
    }

    /// <exception cref="FormatException">A value is not valid.</exception>
    public static void Check(PersistentVirtualFunctions functions)
    {
        Check(functions.Device);
        if (functions.Count is < 1 or > MostVirtualFunctions)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{functions.Count} is not a number of virtual functions; it is 1 to {MostVirtualFunctions}"));
        }
    }

    /// <exception cref="FormatException">A value is not valid.</exception>
    public static void Check(PersistentIdentity device)
    {
        if (!IsPath(device.Path, device.Address))
        {
            throw new FormatException($"'{Printable(device.Path)}' is not the path of {device.Address}; it has the form pci0000:00/0000:00:1c.0/{device.Address}");
        }

        if (device.Identity.SerialNumber is null != device.SerialNumberOffset is null)
        {
            throw new FormatException($"the serial number of {device.Address} and its offset in the configuration space belong together, and one of them is missing");
        }

        if (device.SerialNumberOffset is { } offset && (offset is < FirstExtended or > LastExtended || offset % 4 != 0))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"a Device Serial Number capability cannot be at offset {offset}"));
        }
    }

    /// <summary>Returns whether a text can be a driver's name: letters, digits, dashes and underscores, not with a dash first.</summary>
    public static bool IsDriverName(string text) =>
        text.Length is > 0 and <= MostNameLength && text[0] != '-' && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static bool IsPath(string path, PciAddress address)
    {
        var parts = path.Split('/');
        return parts.Length >= 2 && parts[^1] == address.ToString()
            && parts.Skip(1).All(part => PciAddress.TryParse(part, out var bridge) && bridge.ToString() == part)
            && PciAddress.Parse(parts[1]) is var first && parts[0] == string.Create(CultureInfo.InvariantCulture, $"pci{first.Domain:x4}:{first.Bus:x2}");
    }

    private static string Printable(string text) => string.Concat(text.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter));
}
