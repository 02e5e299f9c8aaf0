namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Something in a firmware table that is not as its specification says; what could be read beside it was read.</summary>
/// <param name="Offset">Where in the table, in bytes from its start.</param>
/// <param name="Message">What is wrong there.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record FirmwareTableProblem(int Offset, string Message);
