using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>The settings that the interface of a physical function keeps for its virtual functions.</content>
public sealed partial class FakeHost
{
    private const string NoMac = "00:00:00:00:00:00";

    private readonly Dictionary<(PciAddress Physical, int Index), InterfaceVirtualFunction> _functions = [];

    /// <summary>The name of an interface that exists now; null for none.</summary>
    internal string? InterfaceOf(int index) => DeviceOf(index) is { } device ? _interfaces[device].Name : null;

    /// <summary>The virtual functions of the interface's device; null if it cannot have any.</summary>
    internal ValueList<InterfaceVirtualFunction>? FunctionsOf(int index) => DeviceOf(index) is { } device ? FunctionsOf(device) : null;

    /// <summary>Makes a setting as a driver does, and returns its errno.</summary>
    /// <param name="index">The number of the interface.</param>
    /// <param name="function">The index of the virtual function.</param>
    /// <param name="set">What is set; null for a setting that the driver does not have.</param>
    internal int SetFunction(int index, int function, Func<InterfaceVirtualFunction, InterfaceVirtualFunction>? set)
    {
        if (DeviceOf(index) is not { } device || FunctionsOf(device) is not { } functions || set is null)
        {
            return Errno.NotSupported;
        }

        if (function < 0 || function >= functions.Count)
        {
            return Errno.Invalid;
        }

        var after = set(functions[function]);
        var words = functions[function] with { MacAddress = after.MacAddress } != functions[function] ? $"mac {after.MacAddress}"
            : after.Vlan != functions[function].Vlan ? $"vlan {after.Vlan}"
            : after.IsTrusted != functions[function].IsTrusted ? $"trust {(after.IsTrusted == true ? "on" : "off")}"
            : $"spoofchk {(after.ChecksSpoofing == true ? "on" : "off")}";
        if (Writing?.Invoke(string.Create(CultureInfo.InvariantCulture, $"ip link set {_interfaces[device].Name} vf {function}"), words) is { } errno && errno != Errno.Success)
        {
            return errno;
        }

        _functions[(device, function)] = after;
        WriteNetworks();
        return Errno.Success;
    }

    private ValueList<InterfaceVirtualFunction>? FunctionsOf(PciAddress device)
    {
        var path = DevicePath(device.ToString());
        return !Exists($"{path}/sriov_numvfs") ? null
            : [.. Enumerable.Range(0, NumberOf(path, "sriov_numvfs")).Select(index => _functions.GetValueOrDefault((device, index), New(index)))];
    }

    private void ForgetFunctions(PciAddress device)
    {
        foreach (var key in _functions.Keys.Where(key => key.Physical == device).ToList())
        {
            _functions.Remove(key);
        }
    }

    private PciAddress? DeviceOf(int index)
    {
        foreach (var (device, each) in _interfaces)
        {
            if (each.Index == index && HasDirectory($"/sys/class/net/{each.Name}"))
            {
                return device;
            }
        }

        return null;
    }

    private static InterfaceVirtualFunction New(int index) => new()
    {
        Index = index,
        MacAddress = NoMac,
        Vlan = VlanTag.None,
        IsTrusted = false,
        ChecksSpoofing = true,
        LinkState = VirtualFunctionLinkState.Auto,
        MinimumTransmitRate = 0,
        MaximumTransmitRate = 0,
    };
}
