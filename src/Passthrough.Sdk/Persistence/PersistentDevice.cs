using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>A function that a file of the host configures for every boot.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PersistentDevice
{
    /// <summary>Gets the program that the file belongs to.</summary>
    public required PersistenceOrigin Origin { get; init; }

    /// <summary>Gets the file.</summary>
    public required string File { get; init; }

    /// <summary>Gets the address of the function.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Gets the driver to which the function is bound at boot; null if the file creates virtual functions.</summary>
    public string? Driver { get; init; }

    /// <summary>Gets the number of virtual functions that are created at boot; null if the file binds a function to a driver.</summary>
    public int? VirtualFunctionCount { get; init; }

    /// <summary>Gets whether the host's drivers bind to the virtual functions that are created at boot; null if the file binds a function to a driver.</summary>
    public bool? ProbesDrivers { get; init; }

    /// <summary>Gets the ids of the function as far as the file names them; null if it names only the address, as driverctl's do.</summary>
    public PciIdentity? Identity { get; init; }

    /// <summary>Gets the function as the file describes it; null for a file of another program.</summary>
    public PersistentIdentity? Device { get; init; }

    /// <summary>Gets whether a file of this library was edited after it was written; false for a file of another program.</summary>
    public bool IsEdited { get; init; }

    /// <summary>Returns the function and what it gets, and the file.</summary>
    public override string ToString() => Driver is not null
        ? $"{Address} to {Driver} ({File})"
        : FormattableString.Invariant($"{Address} with {VirtualFunctionCount} virtual functions ({File})");
}
