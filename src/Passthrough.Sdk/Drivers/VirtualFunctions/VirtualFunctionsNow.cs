using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Drivers;

/// <summary>The virtual functions of a physical function when the plan is made.</summary>
/// <param name="Interface">The network interface that sets them; null if the physical function has no interface.</param>
/// <param name="Functions">Their settings; empty if there are none, or if they are not reported.</param>
internal sealed record VirtualFunctionsNow(string? Interface, ValueList<InterfaceVirtualFunction> Functions)
{
    /// <summary>A physical function without a network interface.</summary>
    public static VirtualFunctionsNow Unknown { get; } = new(null, []);

    /// <summary>Returns what the interfaces of a physical function report.</summary>
    public static VirtualFunctionsNow Of(Fact<ValueList<NetworkInterface>> interfaces)
    {
        var setting = interfaces.IsKnown ? interfaces.Value.Where(net => net.VirtualFunctions.IsKnown).ToList() : [];
        return setting is [var only] ? new(only.Name, only.VirtualFunctions.Value) : Unknown;
    }

    /// <summary>Returns the value of a setting; null if it is not reported.</summary>
    public string? ValueOf(VirtualFunctionSetting setting) =>
        Functions.FirstOrDefault(function => function.Index == setting.Index) is { } found ? VirtualFunctionSetting.ValueOf(found, setting.Name) : null;
}
