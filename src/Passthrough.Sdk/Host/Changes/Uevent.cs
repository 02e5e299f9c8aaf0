using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Changes;

/// <summary>A message of the kernel about a PCI function.</summary>
internal readonly record struct Uevent(HostChangeKind Kind, PciAddress Device, string? Driver)
{
    /// <summary>Reads a message: <c>add@/devices/...</c>, then NAME=VALUE, each with a zero byte at its end.</summary>
    /// <returns>Whether it is about a PCI function.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, out Uevent uevent)
    {
        uevent = default;
        HostChangeKind? kind = null;
        PciAddress? device = null;
        string? driver = null;
        var isPci = false;
        foreach (var range in message.Split((byte)0))
        {
            var line = message[range];
            if (line.StartsWith("ACTION="u8))
            {
                kind = KindOf(line["ACTION="u8.Length..]);
            }
            else if (line.SequenceEqual("SUBSYSTEM=pci"u8))
            {
                isPci = true;
            }
            else if (line.StartsWith("PCI_SLOT_NAME="u8) && PciAddressText.TryParse(line["PCI_SLOT_NAME="u8.Length..], out var address))
            {
                device = address;
            }
            else if (line.StartsWith("DRIVER="u8))
            {
                driver = Encoding.UTF8.GetString(line["DRIVER="u8.Length..]);
            }
        }

        if (!isPci || kind is not { } known || device is not { } at)
        {
            return false;
        }

        uevent = new Uevent(known, at, driver);
        return true;
    }

    private static HostChangeKind KindOf(ReadOnlySpan<byte> action) =>
        action.SequenceEqual("add"u8) ? HostChangeKind.Added
        : action.SequenceEqual("remove"u8) ? HostChangeKind.Removed
        : action.SequenceEqual("bind"u8) ? HostChangeKind.Bound
        : action.SequenceEqual("unbind"u8) ? HostChangeKind.Unbound
        : HostChangeKind.Changed;
}
