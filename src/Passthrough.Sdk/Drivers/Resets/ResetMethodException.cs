using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>The exception that is thrown when a device cannot be reset by the requested method.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class ResetMethodException : PassthroughException
{
    internal ResetMethodException(PciAddress device, string method, ValueList<string> methods)
        : base($"{device} cannot be reset by the method {method}; /sys/bus/pci/devices/{device}/reset_method offers {(methods.IsEmpty ? "none" : string.Join(", ", methods))}")
    {
        Device = device;
        Method = method;
        Methods = methods;
    }

    /// <summary>Gets the device.</summary>
    public PciAddress Device { get; }

    /// <summary>Gets the requested method.</summary>
    public string Method { get; }

    /// <summary>Gets the methods that the device has; empty if it has none.</summary>
    public ValueList<string> Methods { get; }
}
