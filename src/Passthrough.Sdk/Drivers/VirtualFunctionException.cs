
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>The number of a physical function's virtual ones cannot be, or was not, set.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class VirtualFunctionException : PassthroughException
{
    internal VirtualFunctionException(PciAddress physicalFunction, string message, bool isRefused)
        : base(message)
    {
        PhysicalFunction = physicalFunction;
        IsRefused = isRefused;
    }

    /// <summary>The physical function.</summary>
    public PciAddress PhysicalFunction { get; }

    /// <summary>Whether it was refused before anything was written: the function has no virtual ones, or not so many.</summary>
    public bool IsRefused { get; }
}
