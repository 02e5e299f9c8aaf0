using System.Text;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Takes out of a file what names one machine among its like: serial numbers, hardware addresses, UUIDs.</summary>
/// <remarks>What stays in their place has their form, and is the same each time.</remarks>
internal static class Redaction
{
    private const int DeviceSerialNumber = 3;
    private const int SerialOffset = 4;
    private const int SerialLength = 8;

    private static readonly HashSet<string> SecretFiles = new(StringComparer.Ordinal)
    {
        "serial", "serial_number", "product_serial", "board_serial", "chassis_serial", "product_uuid", "uuid", "wwid", "wwn", "nguid", "eui",
        "asset_tag", "chassis_asset_tag", "board_asset_tag", "vpd_pg80", "vpd_pg83", "node_guid", "sys_image_guid", "unique_id", "password",
    };

    /// <summary>Files of which a few lines are needed, and the rest is people's names and passwords.</summary>
    private static readonly Dictionary<string, Func<string, bool>> Accounts = new(StringComparer.Ordinal)
    {
        ["/etc/passwd"] = IsSystemAccount,
        ["/etc/group"] = IsSystemAccount,
        ["/etc/libvirt/qemu.conf"] = line => line.Split('=')[0].Trim() is "user" or "group",
    };

    public static byte[] Apply(string path, byte[] content)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (SecretFiles.Contains(name))
        {
            return content.Length == 0 ? content : "redacted\n"u8.ToArray();
        }

        if (name == "config" && path.Contains("/devices/pci", StringComparison.Ordinal))
        {
            return WithoutSerial(content);
        }

        if (name == "vpd")
        {
            return VitalProductDataRedaction.Apply(content);
        }

        if (BootEntryRedaction.IsEntry(path))
        {
            return BootEntryRedaction.Apply(content);
        }

        if (Accounts.TryGetValue(path, out var isWanted))
        {
            return Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(content).Split('\n').Where(isWanted).Select(line => WithoutPeople(path, line) + "\n")));
        }

        // Firmware tables and other binary content hold no text to look into.
        if (content.Contains((byte)0) || !TextRedaction.MayHoldSecret(content))
        {
            return content;
        }

        var text = Encoding.UTF8.GetString(content);
        var redacted = TextRedaction.Apply(path, text);
        return redacted == text ? content : Encoding.UTF8.GetBytes(redacted);
    }

    private static bool IsSystemAccount(string line) => line.Split(':')[0] is "root" or "kvm" or "qemu" or "libvirt" or "libvirt-qemu";

    // kvm:x:107:libvirt-qemu,alice
    private static string WithoutPeople(string path, string line) => path == "/etc/group" && line.LastIndexOf(':') is > 0 and var colon
        ? $"{line[..colon]}:{string.Join(',', line[(colon + 1)..].Split(',').Where(IsSystemAccount))}"
        : line;

    private static byte[] WithoutSerial(byte[] content)
    {
        var copy = (byte[])content.Clone();
        foreach (var capability in PciConfigurationSpace.Parse(content).Capabilities)
        {
            if (capability is { IsExtended: true, Id: DeviceSerialNumber } && capability.Offset + SerialOffset + SerialLength <= copy.Length)
            {
                copy.AsSpan(capability.Offset + SerialOffset, SerialLength).Clear();
            }
        }

        return copy;
    }
}
