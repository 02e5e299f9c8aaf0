using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>The exception that is thrown when the number of virtual functions of a physical function cannot be set, or was not set.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class VirtualFunctionException : PassthroughException
{
    internal VirtualFunctionException(PciAddress physicalFunction, string message, bool isRefused)
        : base(message)
    {
        PhysicalFunction = physicalFunction;
        IsRefused = isRefused;
    }

    /// <summary>Gets the physical function.</summary>
    public PciAddress PhysicalFunction { get; }

    /// <summary>Gets whether the change was refused before anything was written, because the function cannot have that many virtual functions or none at all.</summary>
    public bool IsRefused { get; }
}
