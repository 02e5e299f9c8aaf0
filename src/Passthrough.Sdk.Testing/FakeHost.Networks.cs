using System.Globalization;
using System.Text;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>Network interfaces, which exist while the driver of their device is bound.</content>
public sealed partial class FakeHost
{
    // What a kernel says of its networks when asked, in the form in which a captured host keeps it.
    private const string Networks = "/.passthrough/network";

    private readonly Dictionary<PciAddress, FakeInterface> _interfaces = [];
    private bool _isOpen;
    private string? _networks; // as captured

    /// <summary>Adds the network interface of a PCI function, without an address, a route or another interface on it, so it is not in use.</summary>
    /// <param name="address">A function that was added before, with the driver that creates the interface.</param>
    /// <param name="name">The interface's name, <c>enp1s0</c>.</param>
    /// <param name="ipAddress">An address with its prefix length, <c>192.0.2.10/24</c>, which means that the host uses the interface, and it is up; null for none, and it is down.</param>
    /// <param name="isUp">Whether it is up without an address, as the interface of a physical function must be for its virtual functions.</param>
    /// <exception cref="KeyNotFoundException">No such function was added.</exception>
    public FakeHost AddNetworkInterface(string address, string name, string? ipAddress = null, bool isUp = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _ = DevicePath(address);
        var device = PciAddress.Parse(address);
        _interfaces[device] = new(name, _interfaces.Count + 2, ipAddress, isUp || ipAddress is not null);
        ShowInterface(device);
        return this;
    }

    private void ShowInterface(PciAddress device)
    {
        if (!_isCaptured && _interfaces.TryGetValue(device, out var shown))
        {
            var path = $"{DevicePath(device.ToString())}/net/{shown.Name}";
            WriteFile($"{path}/ifindex", string.Create(CultureInfo.InvariantCulture, $"{shown.Index}\n"));
            WriteFile($"{path}/operstate", shown.IsUp ? "up\n" : "down\n");
            WriteFile($"{path}/flags", shown.IsUp ? "0x1003\n" : "0x1002\n");
            Remove($"/sys/class/net/{shown.Name}").AddLink($"/sys/class/net/{shown.Name}", path);
            WriteNetworks();
        }
    }

    private void HideInterface(PciAddress device)
    {
        if (!_isCaptured && _interfaces.TryGetValue(device, out var hidden))
        {
            Remove($"{DevicePath(device.ToString())}/net").Remove($"/sys/class/net/{hidden.Name}");
            WriteNetworks();
        }
    }

    // Only a host that acts is a running kernel; another one is what its files are.
    private void WriteNetworks()
    {
        if (!_isOpen)
        {
            return;
        }

        if (_isCaptured)
        {
            WriteCapturedNetworks();
            return;
        }

        var text = new StringBuilder("passthrough network 1\nnamespace id=1 own=yes\nlink index=1 name=lo up=yes\n");
        foreach (var (device, each) in _interfaces.Where(pair => HasDirectory($"/sys/class/net/{pair.Value.Name}")))
        {
            var functions = FunctionsOf(device);
            var count = functions is { } there ? there.Count.ToString(CultureInfo.InvariantCulture) : "none";
            text.Append(CultureInfo.InvariantCulture, $"link index={each.Index} name={each.Name} up={(each.IsUp ? "yes" : "no")} parent=/sys/bus/pci/devices/{device} functions={count}\n");
            foreach (var function in functions ?? [])
            {
                VirtualFunctionText.Write(text, each.Index, function, withMac: true);
            }

            if (each.IpAddress?.Split('/') is [var ip, var prefix])
            {
                text.Append(CultureInfo.InvariantCulture, $"address index={each.Index} address={ip} prefix={prefix} permanent=yes\n");
            }
        }

        WriteFile(Networks, text.Append("others count=0\n").ToString());
    }
}
