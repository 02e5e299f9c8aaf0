using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>The exception that is thrown when a device cannot be reset by the requested method.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class ResetMethodException : PassthroughException
{
    internal ResetMethodException(PciAddress device, string method, ValueList<string> methods)
        : base($"{device} cannot be reset by the method {method}; /sys/bus/pci/devices/{device}/reset_method has {(methods.IsEmpty ? "none" : string.Join(", ", methods))}; if the list was shortened, echo default > /sys/bus/pci/devices/{device}/reset_method restores it")
    {
        Device = device;
        Method = method;
        Methods = methods;
    }

    internal ResetMethodException(PciAddress device, string method)
        : base($"{device} cannot be reset by the method {method}: the methods of the device are unknown, because /sys/bus/pci/devices/{device}/reset_method cannot be read (kernels before 5.15 do not have it); leave the choice to the kernel")
    {
        Device = device;
        Method = method;
        Methods = [];
    }

    /// <summary>Gets the device.</summary>
    public PciAddress Device { get; }

    /// <summary>Gets the requested method.</summary>
    public string Method { get; }

    /// <summary>Gets the methods that the kernel uses for the device; empty if it has none, or if they are unknown.</summary>
    public ValueList<string> Methods { get; }
}
