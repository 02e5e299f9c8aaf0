namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A device that a DMAR table names by its ACPI path (ANDD).</summary>
/// <param name="DeviceNumber">The number by which scopes refer to it.</param>
/// <param name="ObjectName">The ACPI path.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarNamespaceDevice(byte DeviceNumber, string ObjectName);
