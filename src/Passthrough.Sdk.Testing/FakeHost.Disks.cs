using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>NVMe disks, which exist while the driver of their controller is bound.</content>
public sealed partial class FakeHost
{
    private readonly Dictionary<PciAddress, int> _disks = [];

    /// <summary>Adds the disk of an NVMe controller.</summary>
    /// <param name="address">A function that was added before, with its driver.</param>
    /// <param name="number">The number of the controller, which is unique: 0 for <c>nvme0n1</c>.</param>
    /// <param name="mountPoint">Where the host has mounted it, an absolute path; null for nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="KeyNotFoundException">No such function was added.</exception>
    public FakeHost AddDisk(string address, int number, string? mountPoint = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        _ = DevicePath(address);
        var device = PciAddress.Parse(address);
        _disks[device] = number;
        ShowDisk(device);
        if (mountPoint is not null)
        {
            const string Mounts = "/proc/self/mountinfo";
            WriteFile(Mounts, (Exists(Mounts) ? ReadText(Mounts) : "") + string.Create(
                CultureInfo.InvariantCulture,
                $"{40 + number} 22 259:{number} / {Escaped(mountPoint)} rw,relatime shared:{40 + number} - ext4 /dev/nvme{number}n1 rw\n"));
        }

        return this;
    }

    // As the kernel writes it: Documentation/filesystems/proc.rst, mountinfo.
    private static string Escaped(string path) => path.Replace("\\", @"\134", StringComparison.Ordinal).Replace(" ", @"\040", StringComparison.Ordinal)
        .Replace("\t", @"\011", StringComparison.Ordinal).Replace("\n", @"\012", StringComparison.Ordinal);

    private void ShowDisk(PciAddress device)
    {
        if (_disks.TryGetValue(device, out var number))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"nvme{number}n1");
            var path = string.Create(CultureInfo.InvariantCulture, $"{DevicePath(device.ToString())}/nvme/nvme{number}/{name}");
            WriteFile($"{path}/dev", string.Create(CultureInfo.InvariantCulture, $"259:{number}\n")).WriteFile($"{path}/size", "2097152\n");
            Remove($"/sys/class/block/{name}").AddLink($"/sys/class/block/{name}", path);
        }
    }

    private void HideDisk(PciAddress device)
    {
        if (_disks.TryGetValue(device, out var number))
        {
            Remove(string.Create(CultureInfo.InvariantCulture, $"/sys/class/block/nvme{number}n1")).Remove($"{DevicePath(device.ToString())}/nvme");
        }
    }
}
